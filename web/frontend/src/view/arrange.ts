/** Which agents the table lists and in which order. Pure; the order is a list of agent ids. */
import type { Agent } from "../api/board";
import type { ColumnId } from "./columns";
import type { View } from "./address";
import { alarmIds } from "./alarms";
import { statusRank } from "./status";

const collator = new Intl.Collator("ja", { numeric: true, sensitivity: "base" });

type Value = number | string | null;

/** What a column is sorted by. Times give the time passed up to `now`, so that «down» puts the longest first. */
function value(agent: Agent, column: ColumnId, now: number): Value {
  const passed = (since: number | null): number | null => since && now - since;
  switch (column) {
    case "name":
      return agent.name;
    case "account":
      return agent.login ?? null;
    case "agent":
      return agent.agent;
    case "terminal":
      return agent.terminal;
    case "status":
      return statusRank(agent.status.code);
    case "hand":
      return passed(agent.hand_since ?? null);
    case "elapsed":
      return passed(agent.status.since);
    case "talk":
      return passed(agent.talk_since);
    case "hold":
      return passed(agent.hold_since);
    case "with":
      return agent.call ? agent.call.with.name || agent.call.with.number : null;
    case "supervised":
      return some(agent.call?.supervised.length ?? 0);
    case "priority":
      return agent.priority;
    case "queues":
      return agent.queues.length ? agent.queues.join() : null;
    case "alarms":
      return some(alarmIds(agent, now).length);
  }
}

/** A count, or nothing where there is nothing to count. */
function some(count: number): number | null {
  return count > 0 ? count : null;
}

function compare(a: Value, b: Value, down: boolean): number {
  // What has no value stands last either way.
  if (a === null || a === "") return b === null || b === "" ? 0 : 1;
  if (b === null || b === "") return -1;
  const order = typeof a === "number" && typeof b === "number" ? a - b : collator.compare(String(a), String(b));
  return down ? -order : order;
}

/** Folds width and case, so that «ｽｽﾞｷ», "Suzuki" and full-width digits are found however they are typed. */
export function fold(text: string): string {
  return text.normalize("NFKC").toLowerCase();
}

/** Does the search find this agent by name, account, terminal or id? */
export function matches(agent: Agent, words: readonly string[]): boolean {
  if (!words.length) return true;
  const hay = fold(`${agent.name} ${agent.login ?? ""} ${agent.terminal} ${agent.terminal_shown ?? ""} ${agent.agent}`);
  return words.every((word) => hay.includes(word));
}

/** Ids of the agents that the view lists, in its order. */
export function arrange(agents: Iterable<Agent>, view: View, now: number): string[] {
  const words = fold(view.search).split(/\s+/).filter(Boolean);
  const codes = new Set(view.statuses);
  const { column, down } = view.sort;
  const rows: { agent: Agent; by: Value }[] = [];
  for (const agent of agents) {
    if (codes.size && !codes.has(agent.status.code)) continue;
    if (matches(agent, words)) rows.push({ agent, by: value(agent, column, now) });
  }
  rows.sort(
    (a, b) =>
      compare(a.by, b.by, down) ||
      collator.compare(a.agent.name, b.agent.name) ||
      collator.compare(a.agent.agent, b.agent.agent),
  );
  return rows.map((row) => row.agent.agent);
}

/** How many agents stand in each status. */
export function countByStatus(agents: Iterable<Agent>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { status } of agents) counts.set(status.code, (counts.get(status.code) ?? 0) + 1);
  return counts;
}

/** The agents whose hand is up, in the order in which they raised it. */
export function raisedHands(agents: Iterable<Agent>): Agent[] {
  const raised: Agent[] = [];
  for (const agent of agents) if (agent.hand_since) raised.push(agent);
  return raised.sort((a, b) => (a.hand_since ?? 0) - (b.hand_since ?? 0) || collator.compare(a.agent, b.agent));
}
