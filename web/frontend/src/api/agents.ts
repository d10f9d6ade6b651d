/** One agent in detail, the agent that one is oneself, and who listened to an agent. */
import type { Agent, Mode, SelectableStatus } from "./board";
import { path, query, request } from "./http";

export interface AgentQueue {
  queue: string;
  label: string;
  priority: number;
  priority_until: number | null;
  /** is (one of those) rung for the next call */
  next: boolean;
  /** the first of the real conditions that keeps the agent from being rung */
  reason: { id: string; text: string; until: number | null } | null;
  /** error id where it could not be asked now */
  problem: string | null;
}

export interface AgentDetail {
  agent: Agent;
  queues: AgentQueue[];
  /** it is the agent that one is oneself */
  own?: boolean;
}

export interface OwnAgent {
  agent: Agent | null;
  statuses: SelectableStatus[];
  /** the site lets agents see who listened */
  listened?: boolean;
}

export interface ListenedRow {
  id: number;
  at: number;
  login: string;
  name: string;
  mode: Mode;
  began: boolean;
  what: "began" | "changed" | "next_call" | "took_over";
}

export const readAgent = (agent: string): Promise<AgentDetail> => request("GET", path("agents", agent));

export const readOwnAgent = (): Promise<OwnAgent> => request("GET", "/session/agent");

export const readListened = (agent: string, cursor: string | null): Promise<{ listened: ListenedRow[]; next: string | null }> =>
  request("GET", path("agents", agent, "listened") + query({ cursor }));
