/** Ends an automatic wrap-up, or takes back what was to follow the call: done at once, a refusal is said in the corner. */
import { cancelAfterCall, endWrapUp } from "../api/commands";
import { board } from "../live/live";
import { announce, complain } from "../shell/notices";
import { t } from "../text/text";
import { statusText } from "../text/wording";
import { nextOf } from "../view/action";

/** `queue` is the selected one, which a supervisor needs. */
export async function endNext(agent: string, queue: string | null): Promise<void> {
  const row = board.agents.get(agent);
  const next = row ? nextOf(row) : null;
  if (!row || !next?.verdict.ok) return;
  try {
    if (next.kind === "wrap_up") {
      await endWrapUp(agent, queue);
      announce(t("wrap_up.ended", { name: row.name }));
    } else {
      const { status } = await cancelAfterCall(agent, queue);
      // The call may have ended meanwhile: then it holds already, and is no more to be taken back.
      const label = board.statuses.find((one) => one.code === status)?.label ?? "";
      if (status !== next.code) announce(t("after_call.cancelled", { name: row.name }));
      else announce(t("window.status.done", { name: row.name, status: statusText({ code: status, label }) }));
    }
  } catch (error) {
    complain(error);
  }
}
