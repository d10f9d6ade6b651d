/** Periods of statuses: what agents did and for how long. */
import { query, request } from "./http";

export interface ActivityRow {
  id: number;
  agent: string;
  code: string;
  label: string;
  since: number;
  /** null: still going on */
  until: number | null;
  seconds: number | null;
  queue: string | null;
  /** belongs to a queue's call; with `queue` null to one that one may not see */
  linked: boolean;
  set_by: string;
  /** as what: self, supervisor, dial, token, system, call or switch; empty in old rows */
  set_by_kind?: string;
  terminal: string;
  terminal_shown?: string;
  /** what became of a ringing; empty for all else */
  outcome?: string;
}

/** What periods to show; times in epoch seconds, a half-open span; what is left out is «any». */
export interface ActivityFilters {
  since?: number;
  before?: number;
  agent?: string;
  queue?: string;
  code?: string;
  terminal?: string;
}

export const readActivity = (
  filters: ActivityFilters,
  cursor: string | null,
  limit?: number,
): Promise<{ activity: ActivityRow[]; next: string | null }> =>
  request("GET", "/activity" + query({ ...filters, cursor, limit }));

/** Address of the same rows as a file. */
export const activityCsv = (filters: ActivityFilters): string => "/api/v1/activity.csv" + query({ ...filters });
