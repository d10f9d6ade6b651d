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
  if (!isCall(code)) return { window: null, verdict: refusal(agent.may.change_status) };
  const { monitor, whisper, barge } = agent.may;
  const verdict = [monitor, whisper, barge].find((one) => one.ok) ?? monitor;
  return { window: "monitor", verdict };
}

/** The priority cell: inactive under «all agents», whatever the server allows. */
export function priorityAction(agent: Agent, queue: string | null): Verdict {
  return queue === null ? { ok: false, reason: "priority_all" } : agent.may.change_priority;
}

/** A ringing agent opens nothing even where a status change were allowed. */
function refusal(verdict: Verdict): Verdict {
  return verdict.ok ? { ok: false, reason: "agent_ringing" } : verdict;
}
