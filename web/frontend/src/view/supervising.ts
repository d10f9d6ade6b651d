/** What becomes of one's own supervision: whether it goes on, and what it may go over to. Pure. */
import type { Mode, Supervision, Verdict } from "../api/board";

/** What the window shows of it. A state that it does not know counts as over: nothing more can be done then. */
export type Phase = "ringing" | "listening" | "over";

export function phaseOf(state: string): Phase {
  if (state === "ringing") return "ringing";
  return state === "listening" || state === "following" ? "listening" : "over";
}

export function isOver(one: Pick<Supervision, "state">): boolean {
  return one.state === "ended" || one.state === "failed";
}

/** May this supervision go over to a mode, or take the call over? The server says so on its own queue and call, not the selected one's. */
export function mayGoTo(one: Pick<Supervision, "state" | "may">, to: Mode | "take_over"): Verdict {
  // While it rings nothing of this is asked yet, and nobody need read why not.
  if (one.state === "ringing") return { ok: true, reason: null };
  return one.may?.[to] ?? { ok: true, reason: null };
}
