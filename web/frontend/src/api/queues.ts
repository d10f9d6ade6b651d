/** Queues: those one may see, their settings, and who would be rung next. */
import { path, query, request } from "./http";

export interface QueueRow {
  queue: string;
  label: string;
  right: string;
  strategy: string;
  may_change: boolean;
}

export interface QueueSettings {
  queue: string;
  /** null: FreeSWITCH's own name */
  label: string | null;
  /** s; null: each agent's own time */
  wrap_up_s: number | null;
  monitor_notice: boolean;
  whisper_notice: boolean;
  /** what outside phones show for its calls */
  number: string | null;
  missed_after: number;
  /** null: the agent keeps his status */
  missed_status: string | null;
  set_by: string;
  set_at: number | null;
  may_change: boolean;
}

export type QueueSettingsWish = Pick<QueueSettings, "label" | "wrap_up_s" | "monitor_notice" | "whisper_notice" | "number" | "missed_after" | "missed_status">;

/** Why an agent is not the one to be rung; `until` where it ends by the clock. */
export interface NotRung {
  agent: string;
  id: string;
  until: number | null;
}

export interface Offer {
  strategy: string;
  /** the first of `agents`, any one of them, or all of them together */
  rings: "one" | "any_of" | "all";
  agents: string[];
  reasons: NotRung[];
  sticky: boolean;
}

export interface Forecast {
  queue: string;
  waiting: number;
  tier_rules: boolean;
  now: Offer;
  after: Offer | null;
}

export const readQueues = (): Promise<{ queues: QueueRow[] }> => request("GET", "/queues");

export const readQueueSettings = (queue: string): Promise<QueueSettings> => request("GET", path("queues", queue, "settings"));

export const changeQueueSettings = (queue: string, wish: QueueSettingsWish): Promise<QueueSettings> =>
  request("PUT", path("queues", queue, "settings"), { body: wish });

/** Who would be rung next, now and with another priority of one agent. */
export const readForecast = (queue: string, agent: string, priority: number | null): Promise<Forecast> =>
  request("GET", path("queues", queue, "forecast") + query(priority === null ? {} : { agent, priority }));

/** Somebody who can be made a member: an agent with an account. */
export interface Candidate {
  agent: string;
  login: string;
  name: string;
}

export const readCandidates = (queue: string): Promise<{ candidates: Candidate[] }> => request("GET", path("queues", queue, "candidates"));

export const addMember = (queue: string, agent: string, priority: number): Promise<unknown> =>
  request("PUT", path("queues", queue, "members", agent), { body: { priority } });

export const removeMember = (queue: string, agent: string): Promise<unknown> => request("DELETE", path("queues", queue, "members", agent));
