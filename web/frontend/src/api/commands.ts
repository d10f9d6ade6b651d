/** What a supervisor asks of the floor. Each promise settles only when the switch has confirmed, refused or stayed silent. */
import type { Mode, Snapshot, Supervision } from "./board";
import { path, query, request } from "./http";

export const readBoard = (queue: string | null): Promise<Snapshot> => request("GET", "/board" + query({ queue }));

export interface StatusWish {
  status: string;
  /** the selected queue, which a supervisor needs */
  queue: string | null;
  reason?: string;
  /** not now, but when the present call has ended */
  afterCall?: boolean;
}

export interface StatusReply {
  agent: string;
  status: string;
  since: number;
  after_call: string | null;
}

export const setStatus = (agent: string, wish: StatusWish): Promise<StatusReply> => {
  const { status, queue, reason, afterCall } = wish;
  return request("PUT", path("agents", agent, "status"), {
    body: { status, ...(queue ? { queue } : {}), ...(reason ? { reason } : {}), ...(afterCall ? { after_call: true } : {}) },
  });
};

/** Takes back what was to follow the call: the agent has again what was chosen before. */
export const cancelAfterCall = (agent: string, queue: string | null): Promise<StatusReply> =>
  request("DELETE", path("agents", agent, "after-call") + query({ queue }));

export const endWrapUp = (agent: string, queue: string | null): Promise<StatusReply> =>
  request("DELETE", path("agents", agent, "wrap-up") + query({ queue }));

/** Asks for help; only for oneself. */
export const raiseHand = (agent: string): Promise<unknown> => request("PUT", path("agents", agent, "hand"));

export const lowerHand = (agent: string, queue: string | null): Promise<unknown> =>
  request("DELETE", path("agents", agent, "hand") + query({ queue }));

export type TerminalKind = "extension" | "external" | "both" | "original";

export interface TerminalWish {
  kind: TerminalKind;
  /** the outside number */
  number: string;
  extension: string;
  /** s after the extension, for `both` */
  delay: number;
  /** whether the outside phone must press a key */
  confirm: boolean;
}

/** What is sent: what the kind needs, and `confirm` only where it is to be changed (administrators). */
export function terminalBody(wish: TerminalWish, queue: string | null, changesKey: boolean): object {
  const number = wish.number.trim();
  const kinds = {
    extension: { number: wish.extension },
    external: { number },
    both: { number, extension: wish.extension, delay_s: wish.delay },
    original: {},
  };
  return { kind: wish.kind, ...kinds[wish.kind], ...(changesKey ? { confirm: wish.confirm } : {}), ...(queue ? { queue } : {}) };
}

export const setTerminal = (agent: string, wish: TerminalWish, queue: string | null, changesKey: boolean): Promise<unknown> =>
  request("PUT", path("agents", agent, "terminal"), { body: terminalBody(wish, queue, changesKey) });

export interface PriorityReply {
  agent: string;
  queue: string;
  priority: number;
  until: number | null;
  before?: number | null;
  /** where the one before held for a time only: until when, and what was to follow it */
  before_until?: number | null;
  before_then?: number | null;
}

/** `until`: epoch seconds at which the one before holds again, or `then` where it is given; null for good. */
export interface PriorityWish {
  priority: number;
  until: number | null;
  then: number | null;
}

export const setPriority = (queue: string, agent: string, wish: PriorityWish): Promise<PriorityReply> => {
  const { priority, until, then } = wish;
  const box = until === null ? {} : { until, ...(then === null ? {} : { then }) };
  return request("PUT", path("queues", queue, "agents", agent, "priority"), { body: { priority, ...box } });
};

export interface SupervisionWish {
  agent: string;
  mode: Mode;
  extension: string;
  queue: string | null;
  follow: boolean;
  /** bring the call's sound back first where it bypasses FreeSWITCH */
  restoreMedia?: boolean;
}

export const startSupervision = (wish: SupervisionWish): Promise<{ id: string; state: string }> => {
  const { queue, follow, restoreMedia, ...rest } = wish;
  return request("POST", "/supervisions", {
    body: { ...rest, ...(queue ? { queue } : {}), ...(follow ? { follow } : {}), ...(restoreMedia ? { restore_media: true } : {}) },
  });
};

export const readSupervision = (id: string): Promise<Supervision> => request("GET", path("supervisions", id));

export const setMode = (id: string, mode: Mode): Promise<unknown> =>
  request("PATCH", path("supervisions", id), { body: { mode } });

export const takeOver = (id: string): Promise<unknown> => request("POST", path("supervisions", id, "take-over"));

export const stopSupervision = (id: string): Promise<void> => request("DELETE", path("supervisions", id));
