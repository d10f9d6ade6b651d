/** The floor as this viewer may see it. Owns the copy in the browser; takes snapshots and changes, tells listeners once per frame. */
import type { Agent, Change, Kind, Link, Member, Queue, SelectableStatus, Snapshot, Supervision } from "../api/board";

export type Part = Kind | "link" | "alarms" | "all";
export type Listener = (parts: ReadonlySet<Part>) => void;

/** Runs a function before the next picture is drawn. */
export type Frame = (act: () => void) => void;

const NO_LINK: Link = { state: "down", since: 0, delay_ms: null };

export class Board {
  seq = 0;
  epoch = "";
  /** whose picture it is; empty before the first */
  login = "";
  queue: string | null = null;
  practice = false;
  /** false until a snapshot for the queue that is asked for has come */
  loaded = false;
  link: Link = NO_LINK;
  /** ids of the alarms that are no agent's */
  alarms: readonly string[] = [];
  statuses: SelectableStatus[] = [];
  extensions: string[] = [];
  readonly agents = new Map<string, Agent>();
  readonly queues = new Map<string, Queue>();
  readonly waiting = new Map<string, Member>();
  readonly supervisions = new Map<string, Supervision>();

  /** names of agents that were in sight before another queue was selected */
  private readonly names = new Map<string, string>();
  private readonly listeners = new Set<Listener>();
  private dirty = new Set<Part>();
  private times: number[] = [];
  private framed = false;

  /** `shown` is told the switch's times of the changes that a frame brought on the screen. */
  constructor(
    private readonly frame: Frame,
    private readonly shown: (eventTimes: readonly number[]) => void = () => undefined,
  ) {}

  /** Calls `listener` before each frame in which something changed; returns what ends it. */
  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** An agent's name; of one that is not in sight now as it was last seen, else its id. */
  nameOf(agent: string): string {
    return this.agents.get(agent)?.name ?? this.names.get(agent) ?? agent;
  }

  /** A snapshot replaces everything. */
  takeSnapshot(snapshot: Snapshot): void {
    this.seq = snapshot.seq;
    this.epoch = snapshot.epoch;
    this.login = snapshot.login;
    this.queue = snapshot.queue;
    this.practice = snapshot.practice;
    this.link = snapshot.link;
    this.alarms = snapshot.alarms;
    this.statuses = snapshot.statuses;
    this.extensions = snapshot.extensions;
    this.keepNames();
    replace(this.agents, snapshot.agents, (row) => row.agent);
    replace(this.queues, snapshot.queues, (row) => row.queue);
    replace(this.waiting, snapshot.waiting, (row) => row.member);
    replace(this.supervisions, snapshot.supervisions, (row) => row.id);
    this.loaded = true;
    this.mark("all");
  }

  /** A change older than what is known, or before any snapshot, is dropped: it is already in the picture. */
  takeChange(change: Change): void {
    if (!this.loaded || change.seq <= this.seq) return;
    this.seq = change.seq;
    this.merge("agents", this.agents, change.agents, (row) => row.agent, change.gone?.agents);
    this.merge("queues", this.queues, change.queues, (row) => row.queue, change.gone?.queues);
    this.merge("waiting", this.waiting, change.waiting, (row) => row.member, change.gone?.waiting);
    this.merge("supervisions", this.supervisions, change.supervisions, (row) => row.id, change.gone?.supervisions);
    if (change.extensions) this.extensions = change.extensions;
    if (change.link) this.takeLink(change.link);
    if (change.alarms) {
      this.alarms = change.alarms;
      this.mark("alarms");
    }
    if (typeof change.at === "number") this.times.push(change.at);
  }

  /** The state of the link between controller and switch; comes with every ping. */
  takeLink(link: Link): void {
    this.link = link;
    this.mark("link");
  }

  /** Another queue is asked for: no row of the one before may stand under its name. One's own listening goes on anywhere. */
  leaveQueue(): void {
    this.keepNames();
    this.agents.clear();
    this.waiting.clear();
    for (const [id, one] of this.supervisions) if (!one.mine) this.supervisions.delete(id);
    this.expectSnapshot();
  }

  /** What is shown no longer counts until the next snapshot (a reset came, or the same was asked for again). */
  expectSnapshot(): void {
    this.loaded = false;
    this.times = [];
    this.mark("all");
  }

  /** Forgets all rows: somebody else may log in on this page. */
  clear(): void {
    this.alarms = [];
    this.login = "";
    for (const rows of [this.agents, this.queues, this.waiting, this.supervisions, this.names]) rows.clear();
    this.expectSnapshot();
  }

  /** Forgets event times that wait for a frame: in a hidden page none is drawn, and a sleep is no delay. */
  dropTimes(): void {
    this.times = [];
  }

  private keepNames(): void {
    for (const row of this.agents.values()) this.names.set(row.agent, row.name);
  }

  private merge<T>(
    part: Kind,
    rows: Map<string, T>,
    put: readonly T[] | undefined,
    id: (row: T) => string,
    gone: readonly string[] | undefined,
  ): void {
    if (!put?.length && !gone?.length) return;
    for (const row of put ?? []) rows.set(id(row), row);
    for (const key of gone ?? []) rows.delete(key);
    this.mark(part);
  }

  private mark(part: Part): void {
    this.dirty.add(part);
    if (this.framed) return;
    this.framed = true;
    this.frame(() => {
      this.flush();
    });
  }

  private flush(): void {
    const parts = this.dirty;
    const times = this.times;
    this.dirty = new Set();
    this.times = [];
    this.framed = false;
    for (const listener of this.listeners) listener(parts);
    if (times.length) this.shown(times);
  }
}

function replace<T>(rows: Map<string, T>, now: readonly T[], id: (row: T) => string): void {
  rows.clear();
  for (const row of now) rows.set(id(row), row);
}
