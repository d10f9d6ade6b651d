/** What a supervisor asks of the floor. Each promise settles only when the switch has confirmed, refused or stayed silent. */
import type { Agent, Mode, Snapshot, Supervision } from "./board";
import { path, query, request } from "./http";

export const readBoard = (queue: string | null): Promise<Snapshot> => request("GET", "/board" + query({ queue }));

export const setStatus = (agent: string, status: string, queue: string | null, reason: string): Promise<Agent> =>
  request("PUT", path("agents", agent, "status"), {
    body: { status, ...(queue ? { queue } : {}), ...(reason ? { reason } : {}) },
  });

export const setPriority = (queue: string, agent: string, priority: number): Promise<unknown> =>
  request("PUT", path("queues", queue, "agents", agent, "priority"), { body: { priority } });

export interface SupervisionWish {
  agent: string;
  mode: Mode;
  extension: string;
  queue: string | null;
  follow: boolean;
}

export const startSupervision = (wish: SupervisionWish): Promise<{ id: string; state: string }> => {
  const { queue, follow, ...rest } = wish;
  return request("POST", "/supervisions", {
    body: { ...rest, ...(queue ? { queue } : {}), ...(follow ? { follow } : {}) },
  });
};

export const readSupervision = (id: string): Promise<Supervision> => request("GET", path("supervisions", id));

export const setMode = (id: string, mode: Mode): Promise<unknown> =>
  request("PATCH", path("supervisions", id), { body: { mode } });

export const takeOver = (id: string): Promise<unknown> => request("POST", path("supervisions", id, "take-over"));

export const stopSupervision = (id: string): Promise<void> => request("DELETE", path("supervisions", id));
