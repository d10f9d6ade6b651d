/** What the table and the cards of agents have in common: which rows are drawn, keyboard, and what a click opens. */
import type { PropertyValues } from "lit";
import { property } from "lit/decorators.js";
import type { Agent } from "../api/board";
import { board, ticker } from "../live/live";
import { LightElement } from "../shell/light-element";
import type { View } from "../view/address";
import { DEFAULT_VIEW } from "../view/address";
import { nextOf } from "../view/action";
import { isOverLimit } from "../view/alarms";
import { pieces, type Piece } from "../view/windowing";
import { WindowController } from "../view/window-controller";
import type { Control, RowContext } from "./row";
import { RowFocus } from "./row-focus";

/** What was opened: an agent and the control that was pressed. */
export interface Opened {
  agent: string;
  control: Control;
}

export abstract class AgentList extends LightElement {
  @property({ attribute: false }) order: readonly string[] = [];
  @property({ attribute: false }) view: View = DEFAULT_VIEW;
  /** px, measured on the first row drawn */
  protected rowHeight = 0;
  private drawnRange = { start: 0, end: 0 };

  protected readonly window = new WindowController(this, () => ({
    scroller: this.scroller(),
    list: this.list(),
    count: this.order.length,
    rowHeight: this.rowHeight,
  }));

  protected readonly focusing = new RowFocus(this, {
    order: () => this.order,
    controls: (agent) => this.controlsOf(agent),
    drawn: (index) => index >= this.drawnRange.start && index < this.drawnRange.end,
    first: () => this.firstInSight(),
    reveal: (index) => {
      this.reveal(index);
    },
    touched: (inside) => {
      this.tell(inside ? "rows-touched" : "rows-left");
    },
  });

  protected abstract scroller(): HTMLElement | null;
  protected abstract list(): HTMLElement | null;
  /** height of what covers the upper edge of the scroller, px */
  protected abstract covered(): number;

  override connectedCallback(): void {
    super.connectedCallback();
    let over = 0;
    const second = (now: number): void => {
      let count = 0;
      for (const agent of board.agents.values()) if (isOverLimit(agent, now)) count++;
      if (count !== over) this.requestUpdate();
      over = count;
    };
    ticker.add(second);
    this.whileConnected(
      () => {
        ticker.remove(second);
      },
      board.listen((parts) => {
        if (parts.has("agents") || parts.has("all")) this.requestUpdate();
      }),
    );
  }

  /** Puts the focus back on the control that opened a window. */
  returnTo(opened: Opened): void {
    this.focusing.focus(opened.agent, opened.control);
  }

  /** Measuring makes the browser lay the page out at once, so it is done only when the list itself has changed. */
  protected override updated(changed: PropertyValues): void {
    if (this.rowHeight > 0 && !changed.has("order") && !changed.has("view")) return;
    this.rowHeight = this.querySelector("[data-row]")?.getBoundingClientRect().height ?? this.rowHeight;
    this.window.look();
  }

  protected pieces(): Piece[] {
    const count = this.order.length;
    const start = Math.min(this.window.range.start, Math.max(0, count - 1));
    this.drawnRange = { start, end: Math.min(this.window.range.end, count) };
    return pieces(this.drawnRange, count, this.focusing.pinned());
  }

  protected agentAt(index: number): Agent | undefined {
    return board.agents.get(this.order[index] ?? "");
  }

  protected context(): RowContext {
    return { queue: board.queue, tab: (agent, control) => this.focusing.tab(agent, control) };
  }

  /** One listener for all rows. */
  protected clicked(event: Event): void {
    const button = (event.target as Element).closest<HTMLElement>("[data-control]");
    const { agent, control } = button?.dataset ?? {};
    if (!button || !agent || !control || button.ariaDisabled === "true") return;
    this.tell("open-window", { agent, control: control as Control } satisfies Opened);
  }

  protected showsPriority(): boolean {
    return this.view.columns.includes("priority");
  }

  private controlsOf(id: string): Control[] {
    const agent = board.agents.get(id);
    const next = agent ? nextOf(agent) : null;
    return ["name", "status", ...(next?.verdict.ok ? (["next"] as const) : []), ...(this.showsPriority() ? (["priority"] as const) : [])];
  }

  private firstInSight(): number {
    const { start } = this.drawnRange;
    if (this.rowHeight <= 0) return start;
    // Rounded up, and one more for what the heading covers: a row that is only half in sight is no place to begin.
    const first = this.window.above > 0 ? Math.ceil(this.window.above / this.rowHeight) + 1 : 0;
    return Math.min(Math.max(start, first), Math.max(0, this.order.length - 1));
  }

  private reveal(index: number): void {
    const scroller = this.scroller();
    const list = this.list();
    if (!list || this.rowHeight <= 0) return;
    const frame = scroller?.getBoundingClientRect();
    const upper = (frame?.top ?? 0) + this.covered();
    const lower = frame ? frame.top + (scroller?.clientHeight ?? 0) : window.innerHeight;
    const top = list.getBoundingClientRect().top + index * this.rowHeight;
    const by = top < upper ? top - upper : Math.max(0, top + this.rowHeight - lower);
    if (by) (scroller ?? window).scrollBy({ top: by, behavior: "instant" });
    this.window.look();
  }
}
