/** Periods as a table, the same on the activity page and on «my account». */
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { ActivityRow } from "../api/activity";
import { since } from "../live/since";
import { NO_NAMES, type FloorNames } from "../people/floor-names";
import { dateTime, duration } from "../text/duration";
import { maybe, t } from "../text/text";
import { statusText } from "../text/wording";

/** `short`: without the columns that are the same in every row of one's own. */
export function activityTable(rows: readonly ActivityRow[], names: FloorNames = NO_NAMES, locale: string, short = false): TemplateResult {
  const agentName = new Map(names.agents.map((one) => [one.agent, one.name]));
  const queueName = new Map(names.queues.map((one) => [one.queue, one.label]));
  const head = (text: string): TemplateResult => html`<th scope="col">${text}</th>`;
  const row = (one: ActivityRow): TemplateResult =>
    html`<tr>
      ${short ? nothing : html`<th scope="row">${agentName.get(one.agent) ?? one.agent}</th>`}
      <td class="nowrap">${statusText(one)}${one.outcome ? html` <span class="muted">${maybe("outcome", one.outcome, one.outcome)}</span>` : nothing}</td>
      <td class="nowrap">${dateTime(one.since, locale)}</td>
      ${short ? nothing : html`<td class="nowrap">${one.until === null ? t("activity.open") : dateTime(one.until, locale)}</td>`}
      <td class="nowrap length">${one.seconds === null ? since(one.since) : duration(one.seconds)}</td>
      <td>${one.queue === null ? (one.linked ? t("activity.some_queue") : nothing) : (queueName.get(one.queue) ?? one.queue)}</td>
      ${short ? nothing : html`<td>${setBy(one)}</td><td>${one.terminal_shown ?? one.terminal}</td>`}
    </tr>`;
  return html`<div class=${short ? "scroll" : "card list"} role="group" aria-label=${t("nav.activity")} tabindex="0">
    <table class=${short ? "plain" : ""}>
      <thead>
        <tr>
          ${short ? nothing : head(t("activity.agent"))} ${head(t("activity.code"))} ${head(t("audit.since"))}
          ${short ? nothing : head(t("audit.before"))} ${head(t("activity.length"))} ${head(t("activity.queue"))}
          ${short ? nothing : html`${head(t("activity.set_by"))} ${head(t("column.terminal"))}`}
        </tr>
      </thead>
      <tbody>
        ${repeat(
          rows,
          (one) => one.id,
          (one) => row(one),
        )}
      </tbody>
    </table>
  </div>`;
}

/** Who set the status: an account and as what it acted, or one of the few that are nobody's. Old rows tell no kind. */
function setBy({ set_by: who, set_by_kind: kind = "" }: ActivityRow): string {
  const word = maybe("set_by", kind === "" ? who : kind, "");
  if (!word) return who;
  return who === kind || kind === "" ? word : `${who} (${word})`;
}
