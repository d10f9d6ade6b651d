/** The audit log, for administrators. */
import { query, request } from "./http";

export const OUTCOMES = ["asked", "confirmed", "failed", "unconfirmed"] as const;

export interface AuditRow {
  id: number;
  at: number;
  outcome: (typeof OUTCOMES)[number];
  refers_to: number | null;
  who: "account" | "token" | "dial" | "system";
  login: string;
  role: string;
  token: string;
  address: string;
  source: string;
  command: string;
  agent: string;
  queue: string;
  args: Record<string, unknown>;
  cause: string;
  request_id: string;
}

/** What rows to show; times in epoch seconds, a half-open span; what is left out is «any». */
export interface AuditFilters {
  since?: number;
  before?: number;
  login?: string;
  command?: string;
  agent?: string;
  queue?: string;
  outcome?: string;
}

export const readAudit = (filters: AuditFilters, cursor: string | null): Promise<{ audit: AuditRow[]; next: string | null }> =>
  request("GET", "/audit" + query({ ...filters, cursor }));

/** Address of the same rows as a file. */
export const auditCsv = (filters: AuditFilters): string => "/api/v1/audit.csv" + query({ ...filters });
