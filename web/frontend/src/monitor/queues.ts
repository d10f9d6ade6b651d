/** Queues in the order in which every list shows them, and their names. */
import type { Queue } from "../api/board";
import { board } from "../live/live";

const collator = new Intl.Collator("ja", { numeric: true });

export function sortedQueues(): Queue[] {
  return [...board.queues.values()].sort(
    (a, b) => collator.compare(a.label, b.label) || collator.compare(a.queue, b.queue),
  );
}

/** The queue's label; its own name when it is not among those one may see. */
export function queueLabel(queue: string | null): string {
  return queue === null ? "" : (board.queues.get(queue)?.label ?? queue);
}
