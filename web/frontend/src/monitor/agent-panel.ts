/** The panel of agents: which queue, search, filters, columns, and below them the table or the cards. Owns the rows' order. */
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { board, ticker } from "../live/live";
import { LightElement } from "../shell/light-element";
import { t } from "../text/text";
import { arrange } from "../view/arrange";
import { DEFAULT_VIEW, type View } from "../view/address";
import type { ColumnId } from "../view/columns";
import { isNarrow, onNarrow } from "../view/narrow";
import { OrderKeeper } from "../view/order";
import { icon } from "../view/shapes";
import type { AgentList, Opened } from "./agent-list";
import "./agent-cards";
import "./agent-table";
import "./column-menu";
import { sortedQueues } from "./queues";
import "./status-filter";

const LONGEST_FIRST: ReadonlySet<ColumnId> = new Set<ColumnId>(["hand", "elapsed", "talk", "hold", "alarms", "supervised"]);
const seconds = (): number => performance.now() / 1000;

@customElement("agent-panel")
export class AgentPanel extends LightElement {
  @property({ attribute: false }) view: View = DEFAULT_VIEW;
  /** a window about an agent is open: rows stay where they are */
  @property({ type: Boolean }) held = false;
  @state() private order: readonly string[] = [];
  @state() private narrow = isNarrow();
  @query("agent-table, agent-cards") private readonly list!: AgentList | null;
  private readonly keeper = new OrderKeeper();
  private wait: number | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    const second = (): void => {
      this.settle();
    };
    ticker.add(second);
    this.whileConnected(
      () => {
        ticker.remove(second);
        if (this.wait !== null) window.clearTimeout(this.wait);
        this.wait = null;
      },
      onNarrow(() => {
        this.narrow = isNarrow();
      }),
      board.listen((parts) => {
        if (parts.has("all")) this.arrangeNow();
        else if (parts.has("agents")) this.changed();
        if (parts.has("all") || parts.has("queues")) this.requestUpdate();
      }),
    );
  }

  /** Puts the focus back on what opened a window. */
  returnTo(opened: Opened): void {
    this.list?.returnTo(opened);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("held")) this.keeper.setWindow(this.held);
    if (changed.has("view")) {
      const before = changed.get("view");
      const same =
        before?.sort === this.view.sort && before.search === this.view.search && before.statuses === this.view.statuses;
      if (!same) this.arrangeNow();
    }
  }

  /** Rows changed: those that are gone leave at once, the order follows when it may. */
  private changed(): void {
    if (this.order.some((id) => !board.agents.has(id))) this.order = this.order.filter((id) => board.agents.has(id));
    this.settle();
  }

  private settle(): void {
    const now = seconds();
    if (this.keeper.due(now)) {
      this.arrangeNow();
    } else if (!this.keeper.held(now)) {
      this.wait ??= window.setTimeout(() => {
        this.wait = null;
        this.settle();
      }, 500);
    }
  }

  private arrangeNow(): void {
    this.keeper.made(seconds());
    const order = arrange(board.agents.values(), this.view, ticker.now());
    const same = order.length === this.order.length && order.every((id, at) => id === this.order[at]);
    if (!same) this.order = order;
  }

  private touched(): void {
    const before = this.keeper.held(seconds());
    this.keeper.touch(seconds());
    if (!before) this.requestUpdate();
  }

  private left(): void {
    this.keeper.release();
    this.settle();
    this.requestUpdate();
  }

  private change(part: Partial<View>): void {
    this.tell("change-view", part);
  }

  private sortBy(column: ColumnId): void {
    const { sort } = this.view;
    // Times are of interest from the longest on, the rest from A on; a second click turns the order round.
    const first = LONGEST_FIRST.has(column);
    this.change({ sort: { column, down: sort.column === column ? !sort.down : first } });
  }

  protected override render(): TemplateResult {
    return html`<section class="agents card" aria-labelledby="panel-title">
      ${this.toolbar()}
      <status-filter .chosen=${this.view.statuses}></status-filter>
      <div
        class="rows"
        @rows-touched=${this.touched}
        @rows-left=${this.left}
        @sort-by=${(event: CustomEvent<ColumnId>) => this.sortBy(event.detail)}
      >
        ${this.narrow
          ? html`<agent-cards .order=${this.order} .view=${this.view}></agent-cards>`
          : html`<agent-table .order=${this.order} .view=${this.view}></agent-table>`}
        ${board.loaded && !this.order.length
          ? html`<p class="muted empty">${board.agents.size ? t("panel.empty.filter") : t("panel.empty")}</p>`
          : nothing}
      </div>
    </section>`;
  }

  private toolbar(): TemplateResult {
    const { queue, search } = this.view;
    return html`<div class="toolbar">
      <h2 id="panel-title" class="vh">${t("panel")}</h2>
      <label class="vh" for="queue-select">${t("panel.list")}</label>
      <select
        id="queue-select"
        @change=${(event: Event) => this.tell("select-queue", (event.target as HTMLSelectElement).value || null)}
      >
        <option value="" .selected=${queue === null}>${t("queues.all")}</option>
        ${sortedQueues().map(
          (one) => html`<option value=${one.queue} .selected=${one.queue === queue}>${one.label}</option>`,
        )}
        ${queue !== null && !board.queues.has(queue) ? html`<option value=${queue} .selected=${true}>${queue}</option>` : nothing}
      </select>
      <label class="vh" for="agent-search">${t("panel.search")}</label>
      <input
        id="agent-search"
        type="search"
        placeholder=${t("panel.search")}
        maxlength="100"
        .value=${search}
        @input=${(event: Event) => this.change({ search: (event.target as HTMLInputElement).value })}
      />
      <span class="muted count">${t("panel.count", { shown: this.order.length, total: board.agents.size })}</span>
      <span class="badge held ${this.keeper.held(seconds()) ? "on" : ""}" data-tip=${t("panel.held.hint")}>${t("panel.held")}</span>
      <span class="space"></span>
      <column-menu .view=${this.view} ?sorting=${this.narrow}></column-menu>
      <button
        type="button"
        class="quiet square"
        aria-pressed=${this.view.side ? "true" : "false"}
        aria-label=${t(this.view.side ? "panel.side.hide" : "panel.side.show")}
        data-tip=${t(this.view.side ? "panel.side.hide" : "panel.side.show")}
        @click=${() => this.change({ side: !this.view.side })}
      >
        ${icon("side")}
      </button>
    </div>`;
  }
}
