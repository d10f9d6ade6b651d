/** One timer for all durations on the page. Owns the second hand; only what is on the page is registered with it. */

export type Tick = (now: number) => void;

export class Ticker {
  private readonly ticks = new Set<Tick>();
  private frozenAt: number | null = null;

  /** `serverNow` is the server's clock in epoch seconds. */
  constructor(private readonly serverNow: () => number) {}

  /** The time that durations are counted to: the server's, or the moment at which the picture froze. */
  now(): number {
    return this.frozenAt ?? this.serverNow();
  }

  /** Stops the durations at a moment (the picture is stale and nobody knows what happened since); null lets them run. */
  freeze(at: number | null): void {
    if (at === this.frozenAt) return;
    this.frozenAt = at;
    this.run();
  }

  add(tick: Tick): void {
    this.ticks.add(tick);
  }

  remove(tick: Tick): void {
    this.ticks.delete(tick);
  }

  /** Runs once; whoever wires the page calls it every second. */
  run(): void {
    const now = this.now();
    for (const tick of this.ticks) tick(now);
  }
}
