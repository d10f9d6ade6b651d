/** What stands in the monitoring window besides its steps: who else listens, and what the agent will hear. */
import { html, nothing, type TemplateResult } from "lit";
import type { Agent, Mode } from "../api/board";
import { board } from "../live/live";
import { t } from "../text/text";
import { listenerText } from "../text/wording";

/** The others who listen to this call, by name and mode; `own` is the supervision of this window. */
export function othersLine(row: Agent | undefined, own: string | null): TemplateResult | typeof nothing {
  const others = (row?.call?.supervised ?? []).filter((one) => one.id !== own);
  if (!others.length) return nothing;
  const names = others.map(listenerText).join(t("list.comma"));
  return html`<p class="muted">${t("window.monitor.who")}: ${names}</p>`;
}

/** The modes at whose beginning the agent hears a tone: by the queue of the call, else by the selected one. */
function noticed(row: Agent | undefined, queue: string | null): readonly string[] {
  return board.queues.get(row?.call?.queue ?? queue ?? "")?.notices ?? [];
}

/** Says before joining whether the agent will hear a tone; of one mode, or of all. */
export function noticeHint(row: Agent | undefined, queue: string | null, mode: Mode | null = null): TemplateResult {
  const modes = noticed(row, queue);
  if (mode) {
    if (mode === "barge") return html``;
    return html`<p class="muted" id="notice-hint">${t(modes.includes(mode) ? "notice.tone" : "notice.none")}</p>`;
  }
  const words = (["monitor", "whisper"] as const).filter((one) => modes.includes(one)).map((one) => t(`mode.${one}`));
  const text = words.length ? t("notice.tone.for", { modes: words.join(t("list.comma")) }) : t("notice.none");
  return html`<p class="muted" id="notice-hint">${text}</p>`;
}
