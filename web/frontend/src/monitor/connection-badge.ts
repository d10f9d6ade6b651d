/** The state of the connection, always in sight: browser to server, server to FreeSWITCH, and the measured delay. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { board, clock, delays, onStreamState, stream, ticker } from "../live/live";
import { LightElement } from "../shell/light-element";
import { timeOfDay } from "../text/duration";
import { locale, t } from "../text/text";
import { shape } from "../view/shapes";

interface Look {
  text: string;
  shape: string;
  color: string;
}

/** Server's time at which something that is not stale was last heard. */
export function lastHeardAt(): number {
  const age = stream.lastHeard === null ? 0 : Date.now() / 1000 - stream.lastHeard;
  return clock.now() - age;
}

function look(): Look {
  const { state } = stream;
  if (state === "live") {
    if (board.link.state === "live") return { text: t("connection.live"), shape: "circle", color: "green" };
    const time = timeOfDay(board.link.since, locale());
    return { text: t("connection.down", { time }), shape: "cross", color: "red" };
  }
  if (state === "stale") {
    return { text: t("connection.stale", { time: timeOfDay(lastHeardAt(), locale()) }), shape: "triangle", color: "red" };
  }
  if (state === "refused") return { text: t("connection.refused"), shape: "cross", color: "red" };
  return { text: t(`connection.${state}`), shape: "half", color: "amber" };
}

@customElement("connection-badge")
export class ConnectionBadge extends LightElement {
  private said = "";

  override connectedCallback(): void {
    super.connectedCallback();
    const again = (): void => {
      this.requestUpdate();
    };
    ticker.add(again);
    this.whileConnected(
      () => {
        ticker.remove(again);
      },
      onStreamState(again),
      board.listen((parts) => {
        if (parts.has("link") || parts.has("all")) again();
      }),
    );
  }

  protected override render(): TemplateResult {
    const now = look();
    this.said = now.text;
    return html`<div class="connection" role="group" aria-label=${t("connection")}>
      <span class="state" data-color=${now.color}>${shape(now.shape)}<span role="status">${this.said}</span></span>
      ${stream.state === "live" ? this.delay() : nothing}
    </div>`;
  }

  private delay(): TemplateResult {
    const measured = delays.read(clock.now());
    const { delay_ms: link } = board.link;
    const hint = measured
      ? t("connection.delay.hint", {
          median: Math.round(measured.medianMs),
          p99: Math.round(measured.p99Ms),
          count: measured.count,
          link: link === null ? "–" : Math.round(link),
        })
      : t(link === null ? "connection.delay.none" : "connection.delay.link.hint", { ms: Math.round(link ?? 0) });
    return html`<button type="button" class="delay" data-tip=${hint} aria-label=${hint}>
      ${measured || link !== null ? t("connection.delay", { ms: Math.round(measured?.medianMs ?? link ?? 0) }) : t("connection.delay.quiet")}
    </button>`;
  }
}
