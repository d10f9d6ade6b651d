/** The real-time monitor: its parts, the view in the address bar, and which window is open. */
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { Session } from "../api/session";
import { board, onStreamState, stream, watch } from "../live/live";
import { LightElement } from "../shell/light-element";
import { problemBox } from "../shell/parts";
import { timeOfDay } from "../text/duration";
import { locale, t } from "../text/text";
import { problemText } from "../text/wording";
import { readView, writeView, type View } from "../view/address";
import { statusAction } from "../view/action";
import { isNarrow, onNarrow } from "../view/narrow";
import type { Opened } from "./agent-list";
import type { AgentPanel } from "./agent-panel";
import { lastHeardAt } from "./connection-badge";
import "./agent-panel";
import "./queue-list";
import "./supervision-bar";
import "./waiting-panel";
import "../windows/monitoring-window";
import "../windows/priority-window";
import "../windows/status-window";

interface OpenWindow extends Opened {
  kind: "status" | "priority" | "monitor";
}

@customElement("monitor-page")
export class MonitorPage extends LightElement {
  @property({ attribute: false }) session: Session | null = null;
  @state() private view: View = readView(window.location.search);
  @state() private open: OpenWindow | null = null;
  @query("agent-panel") private readonly panel!: AgentPanel;

  override connectedCallback(): void {
    super.connectedCallback();
    this.view = readView(window.location.search);
    const moved = (): void => {
      const view = readView(window.location.search);
      const other = view.queue !== this.view.queue;
      this.view = view;
      if (other) watch(view.queue);
    };
    window.addEventListener("popstate", moved);
    this.whileConnected(
      () => {
        window.removeEventListener("popstate", moved);
        stream.stop();
      },
      onStreamState(() => {
        this.requestUpdate();
      }),
      onNarrow(() => {
        this.requestUpdate();
      }),
      board.listen((parts) => {
        if (parts.has("link") || parts.has("all")) this.requestUpdate();
      }),
    );
    watch(this.view.queue);
  }

  private change(part: Partial<View>): void {
    this.view = { ...this.view, ...part };
  }

  private select(queue: string | null): void {
    if (queue === this.view.queue) return;
    this.change({ queue });
    watch(queue);
  }

  protected override updated(changed: PropertyValues): void {
    if (!changed.has("view" as never)) return;
    const address = window.location.pathname + writeView(this.view);
    if (address !== window.location.pathname + window.location.search) window.history.replaceState(null, "", address);
  }

  private openWindow(opened: Opened): void {
    const agent = board.agents.get(opened.agent);
    if (!agent) return;
    const kind = opened.control === "priority" ? "priority" : statusAction(agent).window;
    if (kind) this.open = { ...opened, kind };
  }

  private async closed(): Promise<void> {
    const { open } = this;
    this.open = null;
    await this.updateComplete;
    if (open) this.panel.returnTo(open);
  }

  protected override render(): TemplateResult {
    const { view } = this;
    return html`<div
      class="monitor ${view.side ? "" : "no-side"}"
      @change-view=${(event: CustomEvent<Partial<View>>) => this.change(event.detail)}
      @select-queue=${(event: CustomEvent<string | null>) => this.select(event.detail)}
      @open-window=${(event: CustomEvent<Opened>) => this.openWindow(event.detail)}
      @window-closed=${this.windowClosed}
    >
      <h1 class="vh">${t("nav.monitor")}</h1>
      <div class="banners">${this.banner()}<supervision-bar></supervision-bar></div>
      <queue-list .selected=${view.queue}></queue-list>
      <agent-panel .view=${view} ?held=${this.open !== null}></agent-panel>
      ${view.side ? html`<waiting-panel class="side card" role="group" aria-label=${t("waiting")} tabindex=${isNarrow() ? nothing : "0"} .queue=${view.queue} ?folded=${isNarrow()}></waiting-panel>` : nothing}
      ${this.window_()}
    </div>`;
  }

  private windowClosed(event: Event): void {
    // The take-over window belongs to the supervision bar.
    if (event.target instanceof HTMLElement && event.target.matches("[data-window]")) void this.closed();
  }

  private window_(): TemplateResult | typeof nothing {
    const { open } = this;
    switch (open?.kind) {
      case "status":
        return html`<status-window data-window .agent=${open.agent} .queue=${board.queue}></status-window>`;
      case "priority":
        return html`<priority-window data-window .agent=${open.agent} .queue=${board.queue}></priority-window>`;
      case "monitor":
        return html`<monitoring-window data-window .agent=${open.agent} .queue=${board.queue}></monitoring-window>`;
      case undefined:
        return nothing;
    }
  }

  private banner(): TemplateResult | typeof nothing {
    if (stream.state === "refused") {
      return html`<div class="banner">
        ${problemBox(problemText(stream.problem))}
        <button type="button" @click=${() => (this.view.queue === null ? watch(null) : this.select(null))}>
          ${this.view.queue === null ? t("retry") : t("queues.all")}
        </button>
      </div>`;
    }
    const text = this.bannerText();
    return text ? html`<p class="note banner" role="status">${text}</p>` : nothing;
  }

  private bannerText(): string {
    if (stream.state === "stale") return t("connection.stale.banner", { time: timeOfDay(lastHeardAt(), locale()) });
    if (!board.loaded || stream.state !== "live") return "";
    if (board.link.state === "down") return t("connection.down.banner", { time: timeOfDay(board.link.since, locale()) });
    const lost = (board.link.nodes ?? []).filter((node) => node.state === "down").map((node) => node.name);
    return lost.length ? t("connection.node.banner", { nodes: lost.join(t("list.comma")) }) : "";
  }
}
