/** The real-time monitor: its parts, the view in the address bar, and which window is open. */
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { Session } from "../api/session";
import { board, onStreamState, stream, watch } from "../live/live";
import { LightElement } from "../shell/light-element";
import { problemBox } from "../shell/parts";
import { timeOfDay } from "../text/duration";
import { locale, maybe, t } from "../text/text";
import { problemText } from "../text/wording";
import { readView, writeView, type View } from "../view/address";
import { icon } from "../view/shapes";
import { isNarrow, onNarrow } from "../view/narrow";
import type { Opened } from "./agent-list";
import type { AgentPanel } from "./agent-panel";
import { lastHeardAt } from "./connection-badge";
import "./agent-panel";
import "./queue-list";
import "./supervision-bar";
import "./waiting-panel";
import "../windows/window-host";
import type { WindowHost, Wish } from "../windows/window-host";

@customElement("monitor-page")
export class MonitorPage extends LightElement {
  @property({ attribute: false }) session: Session | null = null;
  @state() private view: View = readView(window.location.search);
  /** a window about an agent is open */
  @state() private open = false;
  @query("agent-panel") private readonly panel!: AgentPanel;
  @query("window-host") private readonly windows!: WindowHost;

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
        if (parts.has("link") || parts.has("alarms") || parts.has("all")) this.requestUpdate();
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

  protected override render(): TemplateResult {
    const { view } = this;
    return html`<div
      class="monitor ${view.side ? "" : "no-side"}"
      @change-view=${(event: CustomEvent<Partial<View>>) => this.change(event.detail)}
      @select-queue=${(event: CustomEvent<string | null>) => this.select(event.detail)}
      @open-window=${(event: CustomEvent<Wish>) => this.windows.show(event.detail)}
    >
      <h1 class="vh">${t("nav.monitor")}</h1>
      <div class="banners">${this.banner()}${this.alarms()}<supervision-bar></supervision-bar></div>
      <queue-list .selected=${view.queue}></queue-list>
      <agent-panel .view=${view} ?held=${this.open}></agent-panel>
      ${view.side ? html`<waiting-panel class="side card" role="group" aria-label=${t("waiting")} tabindex=${isNarrow() ? nothing : "0"} .queue=${view.queue} ?folded=${isNarrow()}></waiting-panel>` : nothing}
      <window-host
        .queue=${board.queue}
        @windows-open=${(event: CustomEvent<boolean>) => {
          this.open = event.detail;
        }}
        @windows-closed=${(event: CustomEvent<Opened>) => this.panel.returnTo(event.detail)}
      ></window-host>
    </div>`;
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

  /** What is wrong with no one agent; a screen reader says it when it comes. */
  private alarms(): TemplateResult {
    return html`<div role="status">
      ${board.alarms.map(
        (id) =>
          html`<p class="note banner site-alarm">
            ${icon("warn")}<span><b>${maybe("alarm", id, id)}</b> ${maybe("alarm.hint", id, "")}</span>
          </p>`,
      )}
    </div>`;
  }

  private bannerText(): string {
    if (stream.state === "stale") return t("connection.stale.banner", { time: timeOfDay(lastHeardAt(), locale()) });
    if (!board.loaded || stream.state !== "live") return "";
    if (board.link.state === "down") return t("connection.down.banner", { time: timeOfDay(board.link.since, locale()) });
    const lost = (board.link.nodes ?? []).filter((node) => node.state === "down").map((node) => node.name);
    return lost.length ? t("connection.node.banner", { nodes: lost.join(t("list.comma")) }) : "";
  }
}
