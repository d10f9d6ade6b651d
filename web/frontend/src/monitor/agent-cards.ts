/** The agents as cards, for narrow windows; the page itself scrolls. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { Agent } from "../api/board";
import { since } from "../live/since";
import { t } from "../text/text";
import type { ColumnId } from "../view/columns";
import { AgentList } from "./agent-list";
import { gapHeight } from "../view/gap-height";
import { alarms, cell, hand, listeners, nameControl, party, priorityControl, statusControl } from "./row";

@customElement("agent-cards")
export class AgentCards extends AgentList {
  protected scroller(): null {
    return null;
  }

  protected list(): HTMLElement | null {
    return this.querySelector("ul");
  }

  /** The notices stay at the window's upper edge. */
  protected covered(): number {
    return this.closest(".monitor")?.querySelector(".banners")?.getBoundingClientRect().height ?? 0;
  }

  protected override render(): TemplateResult {
    return html`<ul class="cards" aria-labelledby="panel-title" @click=${this.clicked}>
      ${repeat(
        this.pieces().flatMap((piece, at) => {
          if ("gap" in piece) return [{ key: `gap ${at}`, gap: piece.gap, index: -1 }];
          const { start, end } = piece.rows;
          return Array.from({ length: end - start }, (_, i) => ({
            key: this.order[start + i] ?? "",
            gap: 0,
            index: start + i,
          }));
        }),
        (item) => item.key,
        (item) =>
          item.index < 0
            ? html`<li class="gap" aria-hidden="true" ${gapHeight(item.gap * this.rowHeight)}></li>`
            : this.slot_(item.index),
      )}
    </ul>`;
  }

  private slot_(index: number): TemplateResult {
    const agent = this.agentAt(index);
    return html`<li data-row aria-setsize=${this.order.length} aria-posinset=${index + 1}>
      ${agent ? this.card(agent) : nothing}
    </li>`;
  }

  private has(column: ColumnId): boolean {
    return this.view.columns.includes(column);
  }

  private card(agent: Agent): TemplateResult {
    const context = this.context();
    const time = (column: "talk" | "hold", at: number | null): TemplateResult | typeof nothing =>
      this.has(column) && at !== null
        ? html`<span class="pair"><span class="muted">${t(`column.${column}`)}</span> ${since(at)}</span>`
        : nothing;
    return html`<article class="card agent-card">
      <h3>${nameControl(agent, context)}</h3>
      <span class="muted terminal">${this.has("terminal") ? (agent.terminal_shown ?? agent.terminal) : nothing} ${this.has("account") ? agent.login : nothing} ${this.has("agent") ? agent.agent : nothing}</span>
      <span class="state">${statusControl(agent, context)}</span>
      <span class="times"><span class="vh">${t("column.elapsed")} </span>${since(agent.status.since)}</span>
      <span class="line">
        ${this.has("hand") ? hand(agent) : nothing} ${this.has("with") ? html`<span class="with">${party(agent)}</span>` : nothing} ${time("talk", agent.talk_since)}
        ${time("hold", agent.hold_since)} ${this.has("supervised") ? listeners(agent) : nothing}
        ${this.has("alarms") ? alarms(agent) : nothing} ${this.has("queues") ? cell(agent, "queues", context) : nothing}
      </span>
      ${this.has("priority")
        ? html`<span class="pair prio"><span class="muted" aria-hidden="true">${t("column.priority")}</span> ${priorityControl(agent, context)}</span>`
        : nothing}
    </article>`;
  }
}
