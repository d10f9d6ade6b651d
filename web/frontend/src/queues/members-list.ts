/** The agents that belong to a queue, with the same controls, windows and rules as on the monitor. */
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { board, onStreamState, stream, ticker, watch } from "../live/live";
import type { AgentList, Opened } from "../monitor/agent-list";
import "../monitor/agent-cards";
import "../monitor/agent-table";
import { LightElement } from "../shell/light-element";
import { problemBox } from "../shell/parts";
import { t } from "../text/text";
import { problemText } from "../text/wording";
import { DEFAULT_VIEW, type View } from "../view/address";
import { arrange } from "../view/arrange";
import type { ColumnId } from "../view/columns";
import { isNarrow, onNarrow } from "../view/narrow";
import "../windows/window-host";
import "./member-form";
import type { WindowHost, Wish } from "../windows/window-host";

const COLUMNS: readonly ColumnId[] = ["name", "agent", "terminal", "status", "elapsed", "priority", "queues", "alarms"];

@customElement("members-list")
export class MembersList extends LightElement {
  @property() queue = "";
  @state() private view: View = { ...DEFAULT_VIEW, columns: COLUMNS, sort: { column: "priority", down: false } };
  @state() private order: readonly string[] = [];
  @state() private narrow = isNarrow();
  @query("window-host") private readonly windows!: WindowHost;
  @query("agent-table, agent-cards") private readonly list!: AgentList | null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.whileConnected(
      () => {
        stream.stop();
      },
      onStreamState(() => {
        this.requestUpdate();
      }),
      onNarrow(() => {
        this.narrow = isNarrow();
      }),
      board.listen((parts) => {
        if (parts.has("all")) this.arrangeNow();
        else if (parts.has("agents")) this.merge();
      }),
    );
    if (this.hasUpdated) watch(this.queue);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("queue")) watch(this.queue);
  }

  private arrangeNow(): void {
    this.order = arrange(board.agents.values(), this.view, ticker.now());
    this.requestUpdate();
  }

  /** Members that came or went; the others keep their places, so that nothing moves under a pointer. */
  private merge(): void {
    const known = new Set(this.order);
    const same = this.order.length === board.agents.size && this.order.every((id) => board.agents.has(id));
    if (same) return;
    const fresh = [...board.agents.keys()].filter((id) => !known.has(id));
    this.order = [...this.order.filter((id) => board.agents.has(id)), ...fresh];
  }

  private sortBy(column: ColumnId): void {
    const { sort } = this.view;
    this.view = { ...this.view, sort: { column, down: sort.column === column ? !sort.down : false } };
    this.arrangeNow();
  }

  protected override render(): TemplateResult {
    const refused = stream.state === "refused" ? problemText(stream.problem) : null;
    return html`<section
        class="members card ${this.narrow ? "" : "tall"}"
        aria-labelledby="panel-title"
        @open-window=${(event: CustomEvent<Wish>) => this.windows.show(event.detail)}
        @sort-by=${(event: CustomEvent<ColumnId>) => this.sortBy(event.detail)}
      >
        <h2 id="panel-title" class="vh">${t("queue.members")}</h2>
        ${problemBox(refused)} ${board.queues.get(this.queue)?.right === "all" ? html`<member-form .queue=${this.queue}></member-form>` : nothing}
        ${this.narrow
          ? html`<agent-cards .order=${this.order} .view=${this.view}></agent-cards>`
          : html`<agent-table .order=${this.order} .view=${this.view}></agent-table>`}
        ${board.loaded && !this.order.length ? html`<p class="muted empty">${t("panel.empty")}</p>` : nothing}
      </section>
      <window-host
        .queue=${this.queue}
        @windows-closed=${(event: CustomEvent<Opened>) => this.list?.returnTo(event.detail)}
      ></window-host>`;
  }
}
