/** The board fed with one's own row alone, for pages of people who may not open the monitor: read again every few seconds. */
import { readOwnAgent, type OwnAgent } from "../api/agents";
import { board, clock, stream } from "./live";

const EVERY_MS = 5000;

/** Shows one's own row until the returned function is called; `told` hears every answer, and what failed. */
export function watchOwn(told: (own: OwnAgent | null, error: unknown) => void): { again: () => Promise<void>; end: () => void } {
  let ended = false;
  let timer: number | null = null;
  stream.stop();
  board.clear();

  const read = async (): Promise<void> => {
    if (timer !== null) window.clearTimeout(timer);
    try {
      const own = await readOwnAgent();
      if (ended) return;
      board.takeSnapshot({
        seq: 0,
        epoch: "own",
        login: board.login,
        queue: null,
        practice: board.practice,
        now: clock.now(),
        link: board.link,
        alarms: [],
        statuses: own.statuses,
        extensions: [],
        queues: [],
        agents: own.agent ? [own.agent] : [],
        waiting: [],
        supervisions: [],
      });
      told(own, null);
    } catch (error) {
      if (!ended) told(null, error);
    }
    if (timer !== null) window.clearTimeout(timer);
    if (!ended) timer = window.setTimeout(() => void later(), EVERY_MS);
  };
  // A page that nobody looks at asks nothing.
  const later = async (): Promise<void> => {
    if (document.hidden) timer = window.setTimeout(() => void later(), EVERY_MS);
    else await read();
  };

  void read();
  return {
    again: read,
    end: () => {
      ended = true;
      if (timer !== null) window.clearTimeout(timer);
      board.clear();
    },
  };
}
