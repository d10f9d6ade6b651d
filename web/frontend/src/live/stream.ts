/** The server's event stream: opens it, notices when it has died, opens it again. Owns the connection, not what it carries. */
import type { Change, Ping, Snapshot } from "../api/board";
import { Problem } from "../api/http";

export type StreamState = "idle" | "connecting" | "live" | "reconnecting" | "stale" | "refused";

export interface Hearing {
  snapshot(data: Snapshot): void;
  change(data: Change): void;
  ping(data: Ping): void;
  /** what is known no longer counts; a snapshot follows */
  reset(): void;
  /** the state of the connection changed */
  state(): void;
}

/** What the stream needs of the browser; tests bring their own. */
export interface Surroundings {
  open(url: string): EventSource;
  /** asks the same thing by an ordinary request, to learn why a stream was refused */
  probe(queue: string | null): Promise<unknown>;
  /** epoch seconds of this machine */
  now(): number;
  later(act: () => void, ms: number): number;
  cancel(timer: number): void;
  random(): number;
}

/** The server pings every 5 s; after this long without anything the picture is called stale. */
export const STALE_S = 12;
/** After a sleep: one missed ping is enough to doubt the connection. */
const DOUBT_S = 7;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;
/** A page that nobody has seen for so long lets its connection go: browsers open only six to one server over HTTP/1.1. */
export const HIDDEN_MS = 30_000;
/** EventSource.CLOSED, written out because tests have no EventSource. */
const CLOSED = 2;

export class Stream {
  state: StreamState = "idle";
  /** local time of the last message, null before the first */
  lastHeard: number | null = null;
  problem: Problem | null = null;
  /** the queue that was asked for last, whatever came of it */
  queue: string | null = null;
  /** nobody sees the page, and it has no connection for now */
  resting = false;

  private leaving: number | null = null;
  private source: EventSource | null = null;
  private retry: number | null = null;
  private attempts = 0;
  /** local time of the last sign of life of this very connection, or of its start */
  private quietSince = 0;
  /** changes count only after a snapshot of this connection, or when the browser resumed it by itself */
  private awaitsSnapshot = true;
  /** a new number for each connection, so that what an old one says late is not heard */
  private turn = 0;

  constructor(
    private readonly around: Surroundings,
    private readonly hearing: Hearing,
  ) {}

  /** Starts, or starts over for another queue. That the server was not heard for a while stays so until it is heard. */
  select(queue: string | null): void {
    if (!this.on) this.lastHeard = null;
    this.queue = queue;
    this.attempts = 0;
    this.problem = null;
    this.connect(this.state === "stale" || this.state === "reconnecting" ? this.brokenState() : "connecting");
  }

  /** Is a board wanted, and not refused? */
  get on(): boolean {
    return this.state !== "idle" && this.state !== "refused";
  }

  stop(): void {
    this.close();
    this.become("idle");
  }

  /** Nobody sees the page: in a while it lets its connection go, and takes a new snapshot when it is seen again. */
  hide(): void {
    this.leaving ??= this.around.later(() => {
      this.leaving = null;
      if (!this.on) return;
      this.close();
      this.resting = true;
      this.become(this.brokenState());
    }, HIDDEN_MS);
  }

  /** The page came back (shown again, online again): a connection that may have died unnoticed is made anew. */
  wake(): void {
    if (this.leaving !== null) this.around.cancel(this.leaving);
    this.leaving = null;
    if (!this.on) return;
    if (this.state === "live" && this.around.now() - this.quietSince < DOUBT_S) return;
    this.attempts = 0;
    this.connect(this.brokenState());
  }

  /** To be called about every second: notices silence. */
  check(): void {
    if (!this.on) return;
    const silent = this.around.now() - this.quietSince >= STALE_S;
    if (this.source && silent) this.again();
    else if (this.state !== "live" && this.brokenState() === "stale") this.become("stale");
  }

  private connect(state: StreamState): void {
    this.close();
    const turn = this.turn;
    this.quietSince = this.around.now();
    this.awaitsSnapshot = true;
    this.become(state);
    const query = this.queue === null ? "" : "?queue=" + encodeURIComponent(this.queue);
    const source = this.around.open("/api/v1/board/stream" + query);
    this.source = source;
    this.hear(source, "snapshot", (data) => {
      this.attempts = 0;
      this.awaitsSnapshot = false;
      this.hearing.snapshot(data as Snapshot);
    });
    this.hear(source, "change", (data) => {
      if (!this.awaitsSnapshot) this.hearing.change(data as Change);
    });
    this.hear(source, "ping", (data) => {
      this.hearing.ping(data as Ping);
    });
    this.hear(source, "reset", () => {
      this.awaitsSnapshot = true;
      this.hearing.reset();
    });
    source.onerror = () => {
      if (turn === this.turn) this.broken(source);
    };
  }

  private hear(source: EventSource, name: string, act: (data: unknown) => void): void {
    const turn = this.turn;
    source.addEventListener(name, (event: MessageEvent<string>) => {
      if (turn !== this.turn) return;
      let data: unknown;
      try {
        data = JSON.parse(event.data);
      } catch {
        // Half a message: nothing after it can be trusted either.
        this.again();
        return;
      }
      this.lastHeard = this.quietSince = this.around.now();
      act(data);
      if (!this.awaitsSnapshot) this.become("live");
    });
  }

  private broken(source: EventSource): void {
    this.become(this.brokenState());
    // While it is not closed the browser tries again by itself, with Last-Event-ID.
    if (source.readyState === CLOSED) void this.learnWhy();
  }

  private async learnWhy(): Promise<void> {
    this.close();
    const turn = this.turn;
    try {
      await this.around.probe(this.queue);
    } catch (error) {
      if (turn === this.turn && error instanceof Problem && isFinal(error)) {
        this.problem = error;
        this.become("refused");
        return;
      }
    }
    if (turn === this.turn) this.again();
  }

  private again(): void {
    this.close();
    this.become(this.brokenState());
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.attempts) * (0.7 + 0.6 * this.around.random());
    this.attempts += 1;
    this.retry = this.around.later(() => {
      this.connect(this.brokenState());
    }, wait);
  }

  private brokenState(): StreamState {
    if (this.lastHeard === null) return "connecting";
    return this.around.now() - this.lastHeard >= STALE_S ? "stale" : "reconnecting";
  }

  private close(): void {
    this.turn += 1;
    this.resting = false;
    this.source?.close();
    this.source = null;
    if (this.retry !== null) this.around.cancel(this.retry);
    this.retry = null;
  }

  private become(state: StreamState): void {
    if (state === this.state) return;
    this.state = state;
    this.hearing.state();
  }
}

/** Refusals that trying again will not change. */
function isFinal(problem: Problem): boolean {
  return problem.status >= 400 && problem.status < 500 && problem.status !== 429 && problem.status !== 408;
}
