/** `${since(at)}` in a template: the time passed since a moment, counted on by the page's one timer. */
import { noChange, nothing } from "lit";
import { AsyncDirective, directive } from "lit/async-directive.js";
import { duration } from "../text/duration";
import { ticker } from "./live";

class Since extends AsyncDirective {
  private at: number | null = null;
  private countdown = false;
  private shown = "";
  private readonly tick = (now: number): void => {
    const text = this.text(now);
    if (text === this.shown) return;
    this.shown = text;
    this.setValue(text);
  };

  override render(at: number | null, countdown = false): unknown {
    this.at = at;
    this.countdown = countdown;
    if (at === null) {
      ticker.remove(this.tick);
      this.shown = "";
      return nothing;
    }
    ticker.add(this.tick);
    const text = this.text(ticker.now());
    if (text === this.shown) return noChange;
    this.shown = text;
    return text;
  }

  protected override disconnected(): void {
    ticker.remove(this.tick);
  }

  protected override reconnected(): void {
    if (this.at !== null) ticker.add(this.tick);
  }

  private text(now: number): string {
    const at = this.at ?? now;
    return duration(this.countdown ? at - now : now - at);
  }
}

/** `since(at)`: passed since `at` (server's epoch seconds; null shows nothing); `since(at, true)`: left until `at`. */
export const since = directive(Since);
