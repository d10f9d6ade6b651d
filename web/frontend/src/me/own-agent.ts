/** The agent that one is oneself: status and sign-in terminal, and, where the site allows it, who listens. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { Agent } from "../api/board";
import { lowerHand, raiseHand } from "../api/commands";
import { board } from "../live/live";
import { watchOwn } from "../live/own";
import { since } from "../live/since";
import { cell, statusControl, type RowContext } from "../monitor/row";
import { LightElement } from "../shell/light-element";
import { complain } from "../shell/notices";
import { problemBox } from "../shell/parts";
import { t } from "../text/text";
import { listenerText, problemText, type ProblemText } from "../text/wording";
import { icon } from "../view/shapes";
import { statusAction } from "../view/action";
import type { Control } from "../monitor/row";
import type { WindowHost } from "../windows/window-host";
import "../calls/call-back-panel";
import "../windows/window-host";
import "./listened-log";

@customElement("own-agent")
export class OwnAgentCard extends LightElement {
  /** mod_callcenter's name of one's own agent */
  @property() agent = "";
  @state() private known = false;
  @state() private seesListeners = false;
  @state() private problem: ProblemText | null = null;
  @query("window-host") private readonly windows!: WindowHost;
  private again: () => Promise<void> = () => Promise.resolve();

  override connectedCallback(): void {
    super.connectedCallback();
    const watch = watchOwn((own, error) => {
      this.problem = own ? null : problemText(error);
      if (!own) return;
      this.known = true;
      this.seesListeners = own.listened === true;
    });
    this.again = watch.again;
    this.whileConnected(
      watch.end,
      board.listen((parts) => {
        if (parts.has("agents") || parts.has("all")) this.requestUpdate();
      }),
    );
  }

  private clicked(event: Event): void {
    const button = (event.target as Element).closest<HTMLElement>("[data-control]");
    const control = button?.dataset.control as Control | undefined;
    if (!button || !control || button.ariaDisabled === "true") return;
    const row = board.agents.get(this.agent);
    // One's own call is not listened to: during it the status window asks for «after this call».
    const own = control === "status" && row && statusAction(row).window === "monitor";
    this.windows.show({ agent: this.agent, control, queue: null, ...(own ? { kind: "status" } : {}) });
  }

  private async turnHand(up: boolean): Promise<void> {
    try {
      await (up ? raiseHand(this.agent) : lowerHand(this.agent, null));
    } catch (error) {
      complain(error);
    }
    await this.again();
  }

  /** Asks management for help, or takes the hand down. */
  private hand(row: Agent): TemplateResult {
    const up = Boolean(row.hand_since);
    return html`<button type="button" aria-pressed=${up ? "true" : "false"} @click=${() => void this.turnHand(!up)}>
        ${icon("hand")} ${t(up ? "hands.lower" : "hands.raise")}
      </button>
      ${up ? html`<span class="num" role="status">${t("hands.up")} ${since(row.hand_since ?? null)}</span>` : nothing}`;
  }

  protected override render(): TemplateResult {
    const row = board.agents.get(this.agent);
    const context: RowContext = { queue: null, tab: () => 0, own: true };
    const listeners = row?.call?.supervised ?? [];
    return html`<section class="card part" aria-labelledby="own-agent-title">
        <h2 id="own-agent-title">${t("me.agent")}</h2>
        ${problemBox(this.problem)} ${this.known && !row ? html`<p class="muted">${t("me.agent.unknown")}</p>` : nothing}
        ${row
          ? html`<dl class="pairs" @click=${this.clicked}>
              <dt>${t("column.name")}</dt>
              <dd>${row.name}</dd>
              <dt>${t("column.status")}</dt>
              <dd>${statusControl(row, context)} <span class="num">${since(row.status.since)}</span></dd>
              <dt>${t("column.terminal")}</dt>
              <dd>${cell(row, "terminal", context)}</dd>
              <dt>${t("hands")}</dt>
              <dd>${this.hand(row)}</dd>
              ${this.seesListeners
                ? html`<dt>${t("me.listeners")}</dt>
                    <dd>
                      <span role="status">
                      ${listeners.length
                        ? html`${icon("headset")} ${t("me.listeners.now", {
                            names: listeners.map(listenerText).join(t("list.comma")),
                          })}`
                        : t("me.listeners.none")}</span
                      >
                    </dd>`
                : nothing}
            </dl>
            ${row.terminal_number ? html`<call-back-panel></call-back-panel>` : nothing}`
          : nothing}
      </section>
      <window-host
        @windows-closed=${(event: CustomEvent<{ control: Control }>) => {
          this.querySelector<HTMLElement>(`[data-control="${event.detail.control}"]`)?.focus();
          void this.again();
        }}
      ></window-host>
      ${this.seesListeners ? html`<listened-log .agent=${this.agent}></listened-log>` : nothing}`;
  }
}
