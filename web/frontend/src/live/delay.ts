/** Measured delay from FreeSWITCH's event to the screen. Pure: times are arguments. */

const KEEP_S = 60;
const KEEP = 500;

export interface Delay {
  medianMs: number;
  p99Ms: number;
  count: number;
}

/** Collects the delays of the last minute. */
export class DelayMeter {
  private taken: { at: number; ms: number }[] = [];

  /** Records an event of the switch's time `eventAt` that came on the screen at `shownAt` (both server's epoch seconds). */
  record(eventAt: number, shownAt: number): void {
    this.taken.push({ at: shownAt, ms: Math.max(0, (shownAt - eventAt) * 1000) });
    if (this.taken.length > KEEP) this.taken.shift();
  }

  /** Median and 99th percentile of the last minute; null when nothing happened in it. */
  read(now: number): Delay | null {
    this.taken = this.taken.filter((one) => now - one.at <= KEEP_S);
    const sorted = this.taken.map((one) => one.ms).sort((a, b) => a - b);
    if (!sorted.length) return null;
    const rank = (p: number): number => sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * p) - 1)] ?? 0;
    return { medianMs: rank(0.5), p99Ms: rank(0.99), count: sorted.length };
  }

  /** Forgets all: after a reconnect old figures say nothing. */
  clear(): void {
    this.taken = [];
  }
}
