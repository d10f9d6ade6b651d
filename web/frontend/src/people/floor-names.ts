/** Names of agents and queues on the floor, as suggestions; the floor may be away, then there are none. */
import { readBoard } from "../api/commands";

export interface FloorNames {
  agents: { agent: string; name: string }[];
  queues: { queue: string; label: string }[];
}

export async function floorNames(): Promise<FloorNames> {
  try {
    const { agents, queues } = await readBoard(null);
    return { agents, queues };
  } catch {
    return { agents: [], queues: [] };
  }
}
