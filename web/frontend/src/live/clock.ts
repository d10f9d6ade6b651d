/** The server's clock as seen from here. Owns the offset between the two; never touches the page. */

/** A sample is kept for about a minute of pings. */
const SAMPLES = 12;

/**
 * Estimates the server's time. Each message carries the server's `now`; it arrives late, never early, so the sample
 * with the largest offset is the one that travelled fastest and is nearest the truth.
 */
export class ServerClock {
  private samples: number[] = [];
  private travelS = 0;
  private rough = 0;

  constructor(private readonly localNow: () => number = () => Date.now() / 1000) {}

  /** A first estimate out of a large message, which was long in the making and on its way. */
  guess(serverNow: number): void {
    this.samples = [];
    this.rough = serverNow - this.localNow();
  }

  /** Takes the server's time (epoch seconds) out of a small message that has just arrived. */
  sample(serverNow: number): void {
    this.samples.push(serverNow - this.localNow());
    if (this.samples.length > SAMPLES) this.samples.shift();
  }

  /** Half of the shortest round trip measured, s: what even the fastest message needed to get here. */
  setTravel(seconds: number): void {
    this.travelS = seconds;
  }

  /** Is the offset known well enough to measure delays by it? */
  get sure(): boolean {
    return this.samples.length > 0;
  }

  /** Server's time now, epoch seconds. Without a sample it is the local clock. */
  now(): number {
    return this.localNow() + this.offset();
  }

  private offset(): number {
    return this.samples.length ? Math.max(...this.samples) + this.travelS : this.rough;
  }
}
