/** What undoes a change of priority. Pure. */
import type { PriorityReply, PriorityWish } from "../api/commands";

/** What ends this soon is over when the order arrives, s. */
const SOON_S = 2;
const LOWEST = 15;

/** The wish that brings back what held before, its end too; null when there is nothing to bring back, or it cannot be set here. */
export function undoOf(reply: PriorityReply, now: number): PriorityWish | null {
  const { priority, until, before = null, before_until: end = null, before_then: then = null } = reply;
  if (before === null || (before === priority && end === until)) return null;
  const over = end !== null && end <= now + SOON_S;
  const wish = over && then !== null ? { priority: then, until: null, then: null } : { priority: before, until: end, then };
  return wish.priority >= 1 && wish.priority <= LOWEST ? wish : null;
}
