/** Keeps the range of drawn rows of a long list right while it is scrolled and resized. */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import { visible, type Range } from "./windowing";

export interface Measured {
  /** what scrolls: an element, or null for the page */
  scroller: HTMLElement | null;
  /** what holds the rows; its upper edge is where row 0 begins */
  list: HTMLElement | null;
  /** rows in all */
  count: number;
  /** px; 0 while unknown */
  rowHeight: number;
}

export class WindowController implements ReactiveController {
  range: Range = { start: 0, end: 30 };
  /** px by which the list begins above the scroller's upper edge, as last measured */
  above = 0;
  private readonly resized = new ResizeObserver(() => {
    this.look();
  });
  private observed: Element | null = null;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly measure: () => Measured,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    window.addEventListener("scroll", this.look, { passive: true });
    window.addEventListener("resize", this.look);
  }

  hostDisconnected(): void {
    window.removeEventListener("scroll", this.look);
    window.removeEventListener("resize", this.look);
    this.resized.disconnect();
    this.observed = null;
  }

  hostUpdated(): void {
    const { scroller } = this.measure();
    if (scroller && scroller !== this.observed) {
      this.resized.disconnect();
      this.resized.observe(scroller);
      this.observed = scroller;
    }
  }

  /** Measures again; to be called on scroll of an own scroller too. */
  readonly look = (): void => {
    const { scroller, list, count, rowHeight } = this.measure();
    if (!list || rowHeight <= 0) return;
    const top = scroller ? scroller.getBoundingClientRect().top : 0;
    const height = scroller ? scroller.clientHeight : window.innerHeight;
    this.above = top - list.getBoundingClientRect().top;
    const range = visible(Math.max(0, this.above), height, rowHeight, count);
    if (range.start === this.range.start && range.end === this.range.end) return;
    this.range = range;
    this.host.requestUpdate();
  };
}
