/** Keyboard in the list of agents: one control is in the tab order, arrows move to the others; the focus survives redrawing. */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { Control } from "./row";

export interface Rows {
  order(): readonly string[];
  /** the controls of this row, from left to right */
  controls(agent: string): readonly Control[];
  /** is this row drawn now? */
  drawn(index: number): boolean;
  /** first row in sight, the tab stop while no row was chosen */
  first(): number;
  /** scrolls so that the row is in sight */
  reveal(index: number): void;
  /** somebody works in the rows, or has left them */
  touched(inside: boolean): void;
}

type Host = ReactiveControllerHost & HTMLElement;

const STEP = 10;

export class RowFocus implements ReactiveController {
  private agent: string | null = null;
  private control: Control = "status";
  private focused = false;
  private drawing = false;
  /** the row whose control is in the tab order, found once per drawing */
  private tabStop: string | undefined;

  constructor(
    private readonly host: Host,
    private readonly rows: Rows,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    this.host.addEventListener("focusin", this.entered);
    this.host.addEventListener("focusout", this.left);
    this.host.addEventListener("keydown", this.pressed);
  }

  hostDisconnected(): void {
    this.host.removeEventListener("focusin", this.entered);
    this.host.removeEventListener("focusout", this.left);
    this.host.removeEventListener("keydown", this.pressed);
    this.focused = false;
  }

  hostUpdate(): void {
    this.drawing = true;
    this.tabStop = this.stop();
  }

  hostUpdated(): void {
    this.drawing = false;
    // Redrawing may move or replace the row that has the focus.
    if (this.focused && !this.host.contains(document.activeElement)) this.focusNow({ preventScroll: true });
  }

  /** Tab index of a control. */
  tab(agent: string, control: Control): number {
    return agent === this.tabStop && control === this.controlOf(agent) ? 0 : -1;
  }

  /** The row that must stay drawn because it has the focus. */
  pinned(): number | null {
    if (!this.focused || this.agent === null) return null;
    const index = this.rows.order().indexOf(this.agent);
    return index < 0 ? null : index;
  }

  /** Puts the focus on a row's control, after a window about it has closed. */
  focus(agent: string, control: Control): void {
    this.agent = agent;
    this.control = control;
    void this.show();
  }

  private stop(): string | undefined {
    const order = this.rows.order();
    if (this.agent !== null) {
      const index = order.indexOf(this.agent);
      if (index >= 0 && (this.focused || this.rows.drawn(index))) return this.agent;
    }
    return order[this.rows.first()] ?? order[0];
  }

  private controlNow(): Control {
    return this.controlOf(this.agent);
  }

  /** The control meant in a row: the one that was used last, where the row has it. */
  private controlOf(agent: string | null): Control {
    return agent !== null && this.rows.controls(agent).includes(this.control) ? this.control : "status";
  }

  private readonly entered = (event: FocusEvent): void => {
    const { agent, control } = (event.target as HTMLElement).dataset;
    if (!agent || !control) return;
    const moved = agent !== this.agent || control !== this.control || !this.focused;
    // The browser does not know what lies over the list's upper edge. A click must move nothing.
    if (!this.focused && (event.target as HTMLElement).matches(":focus-visible")) {
      this.rows.reveal(this.rows.order().indexOf(agent));
      (event.target as HTMLElement).scrollIntoView({ block: "nearest", inline: "nearest" });
    }
    this.agent = agent;
    this.control = control as Control;
    this.focused = true;
    this.rows.touched(true);
    if (moved) this.host.requestUpdate();
  };

  private readonly left = (event: FocusEvent): void => {
    const to = event.relatedTarget;
    const stays = to instanceof HTMLElement && to.dataset.control !== undefined && this.host.contains(to);
    if (this.drawing || stays) return;
    this.focused = false;
    this.rows.touched(false);
  };

  private readonly pressed = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey || this.agent === null) return;
    if (!(event.target as HTMLElement).dataset.control) return;
    const order = this.rows.order();
    const at = order.indexOf(this.agent);
    const to = target(event.key, at, order.length);
    if (to !== null) {
      this.agent = order[to] ?? this.agent;
    } else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      const controls = this.rows.controls(this.agent);
      const next = controls.indexOf(this.controlNow()) + (event.key === "ArrowRight" ? 1 : -1);
      this.control = controls[next] ?? this.control;
    } else {
      return;
    }
    event.preventDefault();
    this.rows.touched(true);
    void this.show();
  };

  private async show(): Promise<void> {
    const index = this.agent === null ? -1 : this.rows.order().indexOf(this.agent);
    if (index < 0) return;
    this.focused = true;
    // Twice: taking the row out that had the focus makes the browser lay out a list that is half redrawn, and too short
    // to be scrolled so far.
    for (let turn = 0; turn < 2; turn++) {
      this.rows.reveal(index);
      this.host.requestUpdate();
      await this.host.updateComplete;
    }
    this.focusNow();
  }

  private focusNow(how?: FocusOptions): void {
    for (const button of this.host.querySelectorAll<HTMLElement>(`[data-control="${this.controlNow()}"]`)) {
      if (button.dataset.agent === this.agent) {
        button.focus(how);
        return;
      }
    }
  }
}

/** The row that a key leads to; null for other keys. */
export function target(key: string, at: number, count: number): number | null {
  if (count === 0) return null;
  const clamp = (index: number): number => Math.min(count - 1, Math.max(0, index));
  switch (key) {
    case "ArrowDown":
      return clamp(at + 1);
    case "ArrowUp":
      return clamp(at - 1);
    case "PageDown":
      return clamp(at + STEP);
    case "PageUp":
      return clamp(at - STEP);
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}
