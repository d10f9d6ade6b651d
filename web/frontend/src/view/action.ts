/** What a click on an agent's status or priority does, and why not when it does nothing. Pure. */
import type { Agent, Verdict } from "../api/board";
import { isCall, isChosen } from "./status";

export interface Action {
  /** the window that a click opens; null when the status opens none */
  window: "status" | "monitor" | null;
  verdict: Verdict;
}

/** The status cell: an idle-type status opens the status window, one made by a call the monitoring window. */
export function statusAction(agent: Agent): Action {
  const { code } = agent.status;
  if (isChosen(code)) return { window: "status", verdict: agent.may.change_status };
  if (!isCall(code)) {
    if (mayChangeLater(agent)) return { window: "status", verdict: { ok: true, reason: null } };
    return { window: null, verdict: refusal(agent.may.change_status) };
  }
  const { monitor, whisper, barge } = agent.may;
  const verdict = [monitor, whisper, barge].find((one) => one.ok) ?? monitor;
  return { window: "monitor", verdict };
}

/** The priority cell: inactive under «all agents», whatever the server allows. */
export function priorityAction(agent: Agent, queue: string | null): Verdict {
  return queue === null ? { ok: false, reason: "priority_all" } : agent.may.change_priority;
}

/** Only the call itself stands against a change of status: it may be asked for after this call. */
export function mayChangeLater(agent: Agent): boolean {
  const { ok, reason } = agent.may.change_status;
  return !ok && (reason === "agent_in_call" || reason === "agent_ringing");
}

/** Whose hand somebody may take down: one may change the agent's status, or only the call stands against it. */
export function handVerdict(agent: Agent): Verdict {
  return mayChangeLater(agent) ? { ok: true, reason: null } : agent.may.change_status;
}

/** What stands beside the status and can be ended: an automatic wrap-up, or what is to follow the call. */
export type Next = { kind: "wrap_up"; until: number; verdict: Verdict } | { kind: "after_call"; code: string; verdict: Verdict };

export function nextOf(agent: Agent): Next | null {
  const { after_call: code, status, may } = agent;
  if (code) {
    return { kind: "after_call", code, verdict: mayChangeLater(agent) ? { ok: true, reason: null } : may.change_status };
  }
  return status.until ? { kind: "wrap_up", until: status.until, verdict: may.change_status } : null;
}

/** A ringing agent opens nothing even where a status change were allowed. */
function refusal(verdict: Verdict): Verdict {
  return verdict.ok ? { ok: false, reason: "agent_ringing" } : verdict;
}
