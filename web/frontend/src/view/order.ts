/** When the order of the table may change. Rows must not jump under a pointer, nor many times a second. */

/** Rows are put in order at most this often, s. */
const PACE_S = 0.5;
/** A pointer or key press in the table holds the order for this long, s; one that was left lying there does not. */
const HOLD_S = 10;

/** Decides between keeping the order and making it anew. Times are seconds of any one clock. */
export class OrderKeeper {
  private madeAt = -Infinity;
  private touchedAt = -Infinity;
  private windowOpen = false;

  /** Somebody points into the rows, or moves in them by keyboard. */
  touch(now: number): void {
    this.touchedAt = now;
  }

  /** The pointer or focus has left the rows. */
  release(): void {
    this.touchedAt = -Infinity;
  }

  /** A window about a row is open. */
  setWindow(open: boolean): void {
    this.windowOpen = open;
  }

  held(now: number): boolean {
    return this.windowOpen || now - this.touchedAt < HOLD_S;
  }

  /** May the order be made anew now? */
  due(now: number): boolean {
    return !this.held(now) && now - this.madeAt >= PACE_S;
  }

  made(now: number): void {
    this.madeAt = now;
  }
}
