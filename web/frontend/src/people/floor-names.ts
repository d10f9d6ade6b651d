/** Names of agents, queues and statuses on the floor, as suggestions; the floor may be away, then there are none. */
import { readBoard } from "../api/commands";

export interface FloorNames {
  agents: { agent: string; name: string }[];
  queues: { queue: string; label: string }[];
  statuses: { code: string; label: string }[];
}

export const NO_NAMES: FloorNames = { agents: [], queues: [], statuses: [] };

export async function floorNames(): Promise<FloorNames> {
  try {
    const { agents, queues, statuses } = await readBoard(null);
    return { agents, queues, statuses };
  } catch {
    return NO_NAMES;
  }
}
