/** What a call-back's state is called, and why it came to nothing. */
import type { CallBack } from "../api/call-backs";
import { maybe, t } from "../text/text";

export function isLive(one: Pick<CallBack, "state"> | null): boolean {
  return one !== null && one.state !== "ended" && one.state !== "failed";
}

/** In a sentence for the agent himself. */
export function callBackText(one: Pick<CallBack, "state" | "party" | "cause" | "number">): string {
  const { number, cause, party } = one;
  if (one.state === "ended") return t(cause === "cancelled" ? "call_back.cancelled" : "call_back.ended", { number });
  if (one.state !== "failed") return t(`call_back.${one.state}`, { number });
  const who = party === "customer" ? "customer" : "agent";
  return maybe(`call_back.${who}`, cause ?? "", t(`call_back.${who}.other`, { number, cause: cause ?? "" }), { number });
}
