/** What is wrong with an agent, as ids that have texts. Pure. */
import type { Agent } from "../api/board";

/** Alarms of an agent at a moment (server's epoch s): those of the server, the unanswered offer, and the status's limit. */
export function alarmIds(agent: Agent, now: number): string[] {
  const ids = agent.alarms.filter((id) => id !== "no_answer" && id !== "over_limit");
  if (isOverLimit(agent, now)) ids.push("over_limit");
  if (agent.no_answer || agent.alarms.includes("no_answer")) ids.push("no_answer");
  return ids;
}

/** Has the agent been in this status for longer than the site allows? Nothing is sent at that moment: the clock tells. */
export function isOverLimit(agent: Agent, now: number): boolean {
  const at = agent.status.over_at;
  return typeof at === "number" && now >= at;
}
