/** The one place that builds the live objects and joins them to the browser. */
import { readBoard } from "../api/commands";
import { readSession } from "../api/session";
import { Board } from "./board";
import { ServerClock } from "./clock";
import { DelayMeter } from "./delay";
import { Stream } from "./stream";
import { Ticker } from "./ticker";

export const clock = new ServerClock();
export const delays = new DelayMeter();
export const ticker = new Ticker(() => clock.now());

const stateListeners = new Set<() => void>();

export const board = new Board(
  (act) => requestAnimationFrame(act),
  (times) => {
    if (!clock.sure) return;
    const now = clock.now();
    for (const at of times) delays.record(at, now);
  },
);

export const stream = new Stream(
  {
    open: (url) => new EventSource(url),
    probe: readBoard,
    now: () => Date.now() / 1000,
    later: (act, ms) => window.setTimeout(act, ms),
    cancel: (timer) => {
      window.clearTimeout(timer);
    },
    random: () => Math.random(),
  },
  {
    snapshot: (data) => {
      clock.guess(data.now);
      delays.clear();
      board.takeSnapshot(data);
    },
    change: (data) => {
      board.takeChange(data);
      if (document.hidden) board.dropTimes();
    },
    ping: (data) => {
      clock.sample(data.now);
      if (data.link) board.takeLink(data.link);
    },
    reset: () => {
      board.expectSnapshot();
    },
    state: () => {
      settleTicker();
      // Nothing of it is told any more, perhaps because it may not be seen.
      if (stream.state === "refused") board.clear();
      for (const listener of stateListeners) listener();
    },
  },
);

/** Durations stand still while nobody knows what happened since. */
function settleTicker(): void {
  const frozen = stream.state === "stale" && stream.lastHeard !== null;
  ticker.freeze(frozen ? clock.now() - (Date.now() / 1000 - (stream.lastHeard ?? 0)) : null);
}

/** Calls `listener` when the state of the connection changes; returns what ends it. */
export function onStreamState(listener: () => void): () => void {
  stateListeners.add(listener);
  return () => stateListeners.delete(listener);
}

/** Shows a queue, or all agents. */
export function watch(queue: string | null): void {
  if (stream.on && stream.queue === queue) board.expectSnapshot();
  else board.leaveQueue();
  stream.select(queue);
}

/** Shows the same again: in another language, or after it was refused. */
export function watchAgain(): void {
  watch(stream.queue);
}

/** An open board keeps its session alive; one that rests asks for that this often. */
const KEEP_EVERY_MS = 60_000;
const TRAVEL_EVERY_MS = 60_000;
const TRAVEL_TRIES = 3;

/** Measures the shortest round trip to the server, so that the delay shown is not too good. */
async function measureTravel(): Promise<void> {
  if (document.hidden || stream.state !== "live") return;
  const trips: number[] = [];
  try {
    for (let i = 0; i < TRAVEL_TRIES; i++) {
      const start = performance.now();
      await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(5000) });
      trips.push((performance.now() - start) / 1000);
    }
    clock.setTravel(Math.min(...trips) / 2);
  } catch {
    // The next round measures again; until then the last figure counts.
  }
}

/** The second hand, and the moments at which a page comes back from sleep. */
export function startClockwork(): void {
  const beat = (): void => {
    stream.check();
    ticker.run();
    window.setTimeout(beat, 1000 - (Date.now() % 1000));
  };
  beat();
  window.setInterval(() => void measureTravel(), TRAVEL_EVERY_MS);
  window.setInterval(() => {
    if (stream.resting) void readSession().catch(() => undefined); // gone or unreachable: found out when the page is seen
  }, KEEP_EVERY_MS);
  onStreamState(() => void measureTravel());
  const wake = (): void => {
    board.dropTimes();
    if (document.hidden) {
      stream.hide();
      return;
    }
    stream.wake();
    ticker.run();
  };
  document.addEventListener("visibilitychange", wake);
  window.addEventListener("online", wake);
  window.addEventListener("pageshow", wake);
  if (document.hidden) stream.hide();
}
