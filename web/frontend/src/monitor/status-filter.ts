/** How many agents stand in each status; a click shows only those. It is the legend of the shapes, too. */
import { html, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { StatusLook } from "../api/board";
import { board } from "../live/live";
import { LightElement } from "../shell/light-element";
import { t } from "../text/text";
import { statusText } from "../text/wording";
import { countByStatus } from "../view/arrange";
import { shape } from "../view/shapes";
import { CALL_LOOKS, statusRank } from "../view/status";

@customElement("status-filter")
export class StatusFilter extends LightElement {
  @property({ attribute: false }) chosen: readonly string[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    this.whileConnected(
      board.listen((parts) => {
        if (parts.has("agents") || parts.has("all")) this.requestUpdate();
      }),
    );
  }

  /** Every status that agents can have, those of the agents in sight included. */
  private looks(): StatusLook[] {
    const looks = new Map<string, StatusLook>(CALL_LOOKS.map((look) => [look.code, look]));
    for (const look of board.statuses) looks.set(look.code, look);
    for (const { status } of board.agents.values()) if (!looks.has(status.code)) looks.set(status.code, status);
    return [...looks.values()].sort((a, b) => statusRank(a.code) - statusRank(b.code));
  }

  private toggle(code: string): void {
    const statuses = this.chosen.includes(code) ? this.chosen.filter((one) => one !== code) : [...this.chosen, code];
    this.tell("change-view", { statuses });
  }

  protected override render(): TemplateResult {
    const counts = countByStatus(board.agents.values());
    const pressed = (on: boolean): "true" | "false" => (on ? "true" : "false");
    // Room for as many digits as there can be: a count that grows must not push the rows down.
    const digits = String(board.agents.size).length;
    return html`<div class="filter" role="group" aria-label=${t("panel.filter")} data-digits=${digits}>
      <button
        type="button"
        class="chip"
        aria-pressed=${pressed(!this.chosen.length)}
        @click=${() => this.tell("change-view", { statuses: [] })}
      >
        ${t("panel.filter.all")} <b>${board.agents.size}</b>
      </button>
      ${repeat(
        this.looks(),
        (look) => look.code,
        (look) => {
          const n = counts.get(look.code) ?? 0;
          return html`<button
            type="button"
            class="chip ${n ? "" : "zero"}"
            data-color=${look.color}
            aria-pressed=${pressed(this.chosen.includes(look.code))}
            @click=${() => this.toggle(look.code)}
          >
            ${shape(look.shape)}<span>${statusText(look)}</span> <b>${n}</b>
          </button>`;
        },
      )}
    </div>`;
  }
}
