/** Base of the windows about one agent: follows the agent's row while open. */
import { html, nothing, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import type { Agent } from "../api/board";
import { board } from "../live/live";
import { since } from "../live/since";
import { maybe, t } from "../text/text";
import { callText, statusText } from "../text/wording";
import { alarmsOf } from "../monitor/row";
import { icon, shape } from "../view/shapes";
import { WindowElement } from "./window-element";

export abstract class AgentWindow extends WindowElement {
  @property() agent = "";
  /** the queue that was selected when the window was opened */
  @property({ attribute: false }) queue: string | null = null;
  /** the row as last seen: the agent may leave one's sight while the window is open */
  protected row: Agent | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.whileConnected(
      board.listen((parts) => {
        if (parts.has("agents") || parts.has("supervisions") || parts.has("all")) this.requestUpdate();
      }),
    );
  }

  protected override willUpdate(): void {
    this.row = board.agents.get(this.agent) ?? this.row;
  }

  protected name(): string {
    return this.row?.name ?? this.agent;
  }

  /** The present status, kept true while the window is open, and what is wrong with the agent. */
  protected now(): TemplateResult | typeof nothing {
    const { row } = this;
    if (!row) return nothing;
    return html`<dl class="now">
        <dt>${t("window.status.now")}</dt>
        <dd data-color=${row.status.color}>
          <span class="status plain">${shape(row.status.shape)}${statusText(row.status)}</span>
          <span class="muted">${since(row.status.since)}</span>
          ${row.call ? html`<span>${callText(row.call)}</span>` : nothing}
        </dd>
      </dl>
      ${alarmsOf(row).map(
        (id) => html`<p class="alarm">${icon("warn")}${maybe("alarm", id, id)} <span>${maybe("alarm.hint", id, "")}</span></p>`,
      )}`;
  }
}
