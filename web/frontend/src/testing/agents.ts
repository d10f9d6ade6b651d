/** Agents for tests, with what a test does not care about filled in. */
import type { Agent, Permission, Verdict } from "../api/board";

const YES: Verdict = { ok: true, reason: null };

interface Wish extends Partial<Omit<Agent, "status" | "may">> {
  code?: string;
  since?: number;
  may?: Partial<Record<Permission, Verdict>>;
}

export function agent(id: string, wish: Wish = {}): Agent {
  const { code = "available", since = 0, may = {}, ...rest } = wish;
  return {
    agent: id,
    name: id,
    terminal: "",
    status: { code, label: code, shape: "circle", color: "green", since },
    priority: null,
    queues: [],
    call: null,
    talk_since: null,
    hold_since: null,
    alarms: [],
    may: { change_status: YES, change_priority: YES, change_confirmation: YES, monitor: YES, whisper: YES, barge: YES, take_over: YES, ...may },
    ...rest,
  };
}
