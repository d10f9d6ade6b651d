/** Words for what the server says in codes: statuses, refusals, causes. */
import type { Call, Listener, StatusLook, Supervision, Verdict } from "../api/board";
import { Problem } from "../api/http";
import { maybe, t } from "./text";

/** The status in the reader's language; a site's own status in the server's words. */
export function statusText(status: Pick<StatusLook, "code" | "label">): string {
  return maybe("status", status.code, status.label || status.code);
}

/** Why something is not allowed, in short, for a tooltip; empty when it is allowed. */
export function reasonText(verdict: Verdict): string {
  if (verdict.ok) return "";
  return verdict.reason ? maybe("reason", verdict.reason, t("reason.other")) : t("reason.permission_denied");
}

export interface ProblemText {
  title: string;
  detail: string;
}

/** A refusal as title and detail: the server's own words where it sent some. */
export function problemText(error: unknown): ProblemText {
  if (!(error instanceof Problem)) return { title: t("problem.unknown"), detail: "" };
  if (error.title) return { title: error.title, detail: error.detail };
  const title = maybe("problem", error.id, maybe("reason", error.id, t("problem.unknown")));
  return { title, detail: maybe("problem", `${error.id}.detail`, "") };
}

/** Why a supervision ended or failed, in a sentence. */
export function causeText(supervision: Pick<Supervision, "cause" | "extension">): string {
  const { cause, extension } = supervision;
  if (!cause) return "";
  return maybe("cause", cause, t("cause.other", { cause }), { extension });
}

/** Why something came to nothing or ended, for whoever reads the audit; a refusal as everywhere else. */
export function auditCauseText(cause: string): string {
  return maybe("audit.cause", cause, maybe("errors", `${cause}.title`, t("audit.cause.other", { cause })));
}

/** Somebody who listens, by name and mode, whether nobody hears him now because the call is on hold, and whether to another call. */
export function listenerText(one: Listener): string {
  const words = [t(`mode.${one.mode}`)];
  if (one.mode_unsure) words.push(t("listener.mode_unsure"));
  if (one.silent) words.push(t("listener.silent"));
  if (one.other_call) words.push(t("listener.other_call"));
  return `${one.name || one.login} (${words.join(t("list.comma"))})`;
}

/** Why an agent is not rung for the next call, in words; the texts are the server's own. */
export function rungReason(id: string): string {
  return maybe("reasons", id, id);
}

/** With whom an agent talks; of a call of a queue that one may not see there is only the kind. */
export function callText(call: Pick<Call, "kind" | "queue" | "with">): string {
  return call.kind === "queue_call" && call.queue === null ? t("call.hidden") : partyText(call.with);
}

/** Who or what a party is called on the board: name, number, or that it is withheld. */
export function partyText(party: { name: string; number: string }): string {
  const { name, number } = party;
  if (name && number && name !== number) return `${name} ${number}`;
  return name || number || t("call.unknown");
}
