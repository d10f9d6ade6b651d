/** What becomes of one's own supervision: whether it goes on, and what it may go over to. Pure. */
import type { Agent, Mode, Supervision, Verdict } from "../api/board";

/** What the window shows of it. A state that it does not know counts as over: nothing more can be done then. */
export type Phase = "ringing" | "listening" | "over";

export function phaseOf(state: string): Phase {
  if (state === "ringing") return "ringing";
  return state === "listening" || state === "following" ? "listening" : "over";
}

export function isOver(one: Pick<Supervision, "state">): boolean {
  return one.state === "ended" || one.state === "failed";
}

/** May this supervision go over to a mode, or take the call over? `agent` is the row of whom it listens to, where one sees it. */
export function mayGoTo(agent: Agent | undefined, one: Pick<Supervision, "mode">, to: Mode | "take_over"): Verdict {
  const verdict = agent?.may[to] ?? { ok: true, reason: null };
  // «Already listening» speaks of a second supervision, not of this one.
  if (one.mode === to || verdict.reason === "already_supervising") return { ok: true, reason: null };
  return verdict;
}
