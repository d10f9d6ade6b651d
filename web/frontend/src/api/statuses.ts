/** The statuses that a site defined for itself, and what an administrator sets for the whole site. */
import { path, request } from "./http";

export const SWITCH_STATUSES = ["Available", "Available (On Demand)", "On Break", "Logged Out"] as const;

export const COLORS = ["red", "amber", "orange", "green", "teal", "cyan", "blue", "indigo", "violet", "rose", "grey"] as const;

export interface StatusRow {
  code: string;
  name_ja: string | null;
  name_en: string | null;
  color: string;
  shape: string;
  switch_status: string;
  agents_may_choose: boolean;
  limit_min: number | null;
  retired: boolean;
  built_in: boolean;
}

export interface StatusWish {
  code?: string;
  name_ja: string;
  name_en: string;
  color: string;
  shape: string;
  switch_status: string;
  agents_may_choose: boolean;
  limit_min: number | null;
}

export const readStatuses = (): Promise<{ statuses: StatusRow[] }> => request("GET", "/statuses");

export const addStatus = (wish: StatusWish): Promise<StatusRow> => request("POST", "/statuses", { body: wish });

export const changeStatus = (code: string, wish: Partial<StatusWish> & { retired?: false }): Promise<StatusRow> =>
  request("PATCH", path("statuses", code), { body: wish });

export const retireStatus = (code: string): Promise<void> => request("DELETE", path("statuses", code));

export interface Site {
  agents_see_listening: boolean;
  /** what customers and agents see of a call-back; empty: none is set */
  centre_number: string;
  own_numbers: string[];
  /** narrows the numbers that may be rung; empty: not at all */
  outside_allow: string;
  dial_waive_inside: boolean;
  /** whose number agents' outside phones show */
  outside_caller_id: "caller" | "queue" | "centre";
  outside_rounds: number;
  /** s */
  outside_pause_s: number;
}

export const readSite = (): Promise<Site> => request("GET", "/site");

/** What is left out stays. */
export const changeSite = (site: Partial<Site>): Promise<Site> => request("PUT", "/site", { body: site });
