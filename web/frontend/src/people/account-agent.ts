/** An account's «agent» tab: the agent's status, terminal and priorities, with the same windows and rules as on the monitor. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { board, onStreamState, stream, watch } from "../live/live";
import "../me/listened-log";
import { LightElement } from "../shell/light-element";
import { problemBox } from "../shell/parts";
import { t } from "../text/text";
import { problemText } from "../text/wording";
import "../windows/agent-detail";
import "../windows/window-host";
import type { WindowHost, Wish } from "../windows/window-host";

@customElement("account-agent")
export class AccountAgent extends LightElement {
  /** mod_callcenter's name; empty for who is no agent */
  @property() agent = "";
  @query("window-host") private readonly windows!: WindowHost;

  override connectedCallback(): void {
    super.connectedCallback();
    this.whileConnected(
      () => {
        stream.stop();
      },
      onStreamState(() => {
        this.requestUpdate();
      }),
      board.listen((parts) => {
        if (parts.has("all")) this.requestUpdate();
      }),
    );
    watch(null);
  }

  private focusBack(): void {
    this.querySelector<HTMLElement>("agent-detail button")?.focus();
  }

  protected override render(): TemplateResult {
    if (!this.agent) return html`<p class="muted">${t("account.no_agent")}</p>`;
    const refused = stream.state === "refused" ? problemText(stream.problem) : null;
    return html`<div class="columns" @open-window=${(event: CustomEvent<Wish>) => this.windows.show(event.detail)}>
        <section class="card part" aria-labelledby="account-agent-title">
          <h2 id="account-agent-title">${board.agents.get(this.agent)?.name ?? this.agent}</h2>
          ${problemBox(refused)} ${board.loaded ? html`<agent-detail .agent=${this.agent}></agent-detail>` : nothing}
        </section>
        <listened-log .agent=${this.agent}></listened-log>
      </div>
      <window-host .queue=${null} @windows-closed=${this.focusBack}></window-host>`;
  }
}
