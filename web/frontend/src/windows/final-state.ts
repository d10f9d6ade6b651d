/** How a supervision ended that has already left the board. */
import type { Supervision } from "../api/board";
import { readSupervision } from "../api/commands";

/** Asks the server; where it no longer knows, the supervision counts as ended. */
export async function finalState(last: Supervision): Promise<Supervision> {
  try {
    const found = await readSupervision(last.id);
    const over = found.state === "ended" || found.state === "failed";
    return { ...last, state: over ? found.state : "ended", cause: found.cause };
  } catch {
    return { ...last, state: "ended" };
  }
}
