/** One's own supervisions, in sight on the monitor as long as they last: mode, take-over, hang-up; then why they ended. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { Mode, Supervision } from "../api/board";
import { setMode, stopSupervision } from "../api/commands";
import { board } from "../live/live";
import { since } from "../live/since";
import { complain } from "../shell/notices";
import { LightElement } from "../shell/light-element";
import { maybe, t } from "../text/text";
import { causeText, reasonText } from "../text/wording";
import { icon } from "../view/shapes";
import { isOver, mayGoTo } from "../view/supervising";
import { MODES } from "../windows/monitoring-window";
import "../windows/take-over-window";
import { begun } from "./waiting-panel";

@customElement("supervision-bar")
export class SupervisionBar extends LightElement {
  /** supervisions with an order under way */
  @state() private busy: ReadonlySet<string> = new Set();
  @state() private takingOver: Supervision | null = null;
  /** one's own that are over and not yet dismissed; the board itself forgets them after a minute */
  private readonly over = new Map<string, Supervision>();
  private readonly dismissed = new Set<string>();

  override connectedCallback(): void {
    super.connectedCallback();
    this.keepEnded();
    this.whileConnected(
      board.listen((parts) => {
        if (parts.has("supervisions") || parts.has("all")) this.keepEnded();
        if (parts.has("supervisions") || parts.has("agents") || parts.has("all")) this.requestUpdate();
      }),
    );
  }

  /** Whoever hung up by a click here needs no telling. */
  private keepEnded(): void {
    for (const one of board.supervisions.values()) {
      if (one.mine && isOver(one) && one.cause !== "stopped" && !this.dismissed.has(one.id)) this.over.set(one.id, one);
    }
  }

  private dismiss(...ids: string[]): void {
    for (const id of ids) {
      this.over.delete(id);
      this.dismissed.add(id);
    }
    this.requestUpdate();
  }

  private async order(id: string, act: () => Promise<unknown>): Promise<void> {
    if (this.busy.has(id)) return;
    this.busy = new Set([...this.busy, id]);
    try {
      await act();
    } catch (error) {
      complain(error);
    } finally {
      this.busy = new Set([...this.busy].filter((one) => one !== id));
    }
  }

  protected override render(): TemplateResult | typeof nothing {
    const mine = [...board.supervisions.values()].filter((one) => one.mine && !isOver(one));
    if (!mine.length && !this.over.size && !this.takingOver) return nothing;
    return html`<section class="supervision-bar" aria-label=${t("supervision.bar")}>
        ${repeat(
          mine,
          (one) => one.id,
          (one) => this.line(one),
        )}
        ${repeat(
          [...this.over.values()].reverse(),
          (one) => one.id,
          (one, at) => this.endedLine(one, at === 0 && this.over.size > 1),
        )}
      </section>
      ${this.takingOver
        ? html`<take-over-window
            .supervision=${this.takingOver.id}
            .name=${this.agentName(this.takingOver)}
            @window-closed=${() => {
              this.takingOver = null;
            }}
          ></take-over-window>`
        : nothing}`;
  }

  private agentName(one: Supervision): string {
    return board.nameOf(one.agent);
  }

  /** The newest notice stands first; it offers to close them `all` where there are more. */
  private endedLine(one: Supervision, all: boolean): TemplateResult {
    const name = this.agentName(one);
    const title = t(one.state === "failed" ? "supervision.over.failed" : "supervision.over", { name });
    return html`<div class="line over">
      <span role="status">${icon("headset")} <b>${title}</b> ${causeText(one)}</span>
      <span class="space"></span>
      ${all
        ? html`<button type="button" @click=${() => {
            this.dismiss(...this.over.keys());
          }}>${t("supervision.dismiss.all", { n: this.over.size })}</button>`
        : nothing}
      <button type="button" aria-label="${t("supervision.dismiss")} (${name})" data-tip=${t("supervision.dismiss")} @click=${() => {
        this.dismiss(one.id);
      }}>
        ${icon("cross")}
      </button>
    </div>`;
  }

  private line(one: Supervision): TemplateResult {
    const busy = this.busy.has(one.id);
    const listening = one.state === "listening";
    return html`<div class="line" aria-busy=${busy ? "true" : nothing}>
      <span class="subject">${icon("headset")}<b>${this.agentName(one)}</b></span>
      <span role="status"
        >${maybe("supervision", one.state, one.state, { extension: one.extension })}${one.silent
          ? html` ・ ${t("supervision.whisper.paused")}`
          : nothing}${one.no_media ? html` ・ ${t("supervision.no_media")}` : nothing}${one.mode_unsure
          ? html` ・ ${t("supervision.mode_unsure")}`
          : nothing}</span
      >
      <span class="num">${since(begun(one))}</span>
      ${one.follow ? html`<span class="badge">${t("supervision.follow")}</span>` : nothing}
      <span class="space"></span>
      <div class="segments" role="group" aria-label=${t("supervision.mode")}>
        ${MODES.map((mode) => this.modeButton(one, mode, listening && !busy))}
        ${MODES.map((mode) => html`<span class="vh" id=${modeHintId(one, mode)}>${modeHint(one, mode)}</span>`)}
      </div>
      ${this.takeOverButton(one, listening && !busy)}
      <button type="button" class="danger" ?disabled=${busy} @click=${() => void this.order(one.id, () => stopSupervision(one.id))}>
        ${t(one.state === "ringing" ? "window.monitor.abort" : "supervision.hangup")}
      </button>
    </div>`;
  }

  private modeButton(one: Supervision, mode: Mode, ready: boolean): TemplateResult {
    const on = one.mode === mode;
    const able = ready && !whyNot(one, mode);
    return html`<button
      type="button"
      aria-pressed=${on ? "true" : "false"}
      aria-disabled=${able ? nothing : "true"}
      aria-describedby=${modeHintId(one, mode)}
      data-tip=${modeHint(one, mode)}
      @click=${() => {
        if (able && !(on && !one.mode_unsure)) void this.order(one.id, () => setMode(one.id, mode));
      }}
    >
      ${t(`mode.${mode}`)}
    </button>`;
  }

  private takeOverButton(one: Supervision, ready: boolean): TemplateResult {
    const why = whyNot(one, "take_over");
    const able = ready && !why;
    return html`<button
      type="button"
      aria-disabled=${able ? nothing : "true"}
      data-tip=${why || nothing}
      aria-describedby=${why ? `take-over-why-${one.id}` : nothing}
      @click=${() => {
        if (able) this.takingOver = one;
      }}
    >
      ${t("supervision.takeover")}</button
    >${why ? html`<span class="vh" id="take-over-why-${one.id}">${why}</span>` : nothing}`;
  }
}

/** Why this supervision cannot go over to a mode, or take the call over; empty when it can. */
function whyNot(one: Supervision, to: Mode | "take_over"): string {
  return reasonText(mayGoTo(one, to));
}

function modeHint(one: Supervision, mode: Mode): string {
  return whyNot(one, mode) || t(`mode.${mode}.hint`);
}

function modeHintId(one: Supervision, mode: Mode): string {
  return `mode-hint-${one.id}-${mode}`;
}
