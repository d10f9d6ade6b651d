/** Monitoring, whisper and barge, in the steps of the manual: choose the phone and the mode, confirm, it rings, one listens. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Mode, Supervision } from "../api/board";
import { startSupervision, stopSupervision } from "../api/commands";
import { Problem } from "../api/http";
import { board } from "../live/live";
import { since } from "../live/since";
import { problemBox } from "../shell/parts";
import { t } from "../text/text";
import { causeText, reasonText, type ProblemText } from "../text/wording";
import { AgentWindow } from "./agent-window";
import { finalState } from "./final-state";
import { noticeHint, othersLine } from "./monitoring-parts";
import { mayChangeLater } from "../view/action";
import { isOver, phaseOf } from "../view/supervising";
import type { Wish } from "./window-host";

export const MODES: readonly Mode[] = ["monitor", "whisper", "barge"];

type Step =
  | { at: "choose" }
  | { at: "confirm"; mode: Mode }
  | { at: "starting"; mode: Mode }
  | { at: "running"; id: string; mode: Mode };

@customElement("monitoring-window")
export class MonitoringWindow extends AgentWindow {
  /** begins with this at once on one's first phone, without the questions */
  @property({ attribute: false }) begin: Mode | null = null;
  @state() private step: Step = { at: "choose" };
  @state() private extension = "";
  @state() private follow = false;
  @state() private problem: ProblemText | null = null;
  /** the mode that was refused because the call's sound bypasses FreeSWITCH, and can be had by bringing it back */
  @state() private bypassed: Mode | null = null;
  /** the last known state of the supervision that this window started */
  @state() private supervision: Supervision | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.extension = board.extensions[0] ?? "";
    if (this.begin && this.extension) void this.start(this.begin);
  }

  protected override willUpdate(): void {
    super.willUpdate();
    if (this.step.at !== "running") return;
    const { id } = this.step;
    const live = board.supervisions.get(id);
    if (live) this.supervision = live;
    else if (this.supervision && !isOver(this.supervision)) void this.learnEnd(this.supervision);
  }

  /** The supervision has left the board: its last word is asked for once. */
  private async learnEnd(last: Supervision): Promise<void> {
    this.supervision = { ...last, state: "ended" };
    this.supervision = await finalState(last);
  }

  private async start(mode: Mode, restoreMedia = false): Promise<void> {
    this.step = { at: "starting", mode };
    this.problem = null;
    this.supervision = null;
    this.bypassed = null;
    const { agent, extension, queue, follow } = this;
    try {
      const { id } = await startSupervision({ agent, mode, extension, queue, follow, restoreMedia });
      this.step = { at: "running", id, mode };
    } catch (error) {
      this.problem = this.wentWrong(error);
      // Only sound that bypasses the switch can be brought back; what merely passes through it cannot.
      if (error instanceof Problem && error.id === "no_media" && error.cause_ === "bypass") this.bypassed = mode;
      void this.goTo({ at: "choose" });
    }
  }

  private async stop(id: string): Promise<void> {
    this.problem = null;
    try {
      await stopSupervision(id);
    } catch (error) {
      this.problem = this.wentWrong(error);
    }
  }

  private async goTo(step: Step): Promise<void> {
    this.step = step;
    await this.updateComplete;
    this.dialog.querySelector<HTMLElement>("[data-first]")?.focus();
  }

  protected override render(): TemplateResult {
    return this.frame(
      t("window.monitor"),
      html`<div class="content">
        <p class="subject">${t("window.monitor.agent", { name: this.name() })}</p>
        ${this.now()} ${othersLine(this.row, this.supervision?.id ?? null)} ${problemBox(this.problem)} ${this.bringBack()} ${this.content()}
      </div>`,
    );
  }

  private bringBack(): TemplateResult | typeof nothing {
    const mode = this.bypassed;
    if (!mode || this.step.at !== "choose") return nothing;
    return html`<p class="next">
      <span>${t("media.hint")}</span>
      <button type="button" data-first @click=${() => void this.start(mode, true)}>${t(`media.restore.${mode}`)}</button>
    </p>`;
  }

  private content(): TemplateResult {
    const { step } = this;
    switch (step.at) {
      case "choose":
        return this.choosing();
      case "confirm":
        return this.confirming(step.mode);
      case "starting":
        return html`<p role="status" class="busy">${t("window.monitor.starting")}</p>`;
      case "running":
        return this.running(step.id, step.mode);
    }
  }

  private choosing(): TemplateResult {
    const { extensions } = board;
    if (!extensions.length) {
      return html`<p class="note">${t("window.monitor.none")}</p>
        <footer><button type="button" data-first @click=${this.close}>${t("close")}</button></footer>`;
    }
    return html`<div class="field">
        <label for="listen-on">${t("window.monitor.extension")}</label>
        <select
          id="listen-on"
          data-first
          @change=${(event: Event) => {
            this.extension = (event.target as HTMLSelectElement).value;
          }}
        >
          ${extensions.map((one) => html`<option value=${one} .selected=${one === this.extension}>${one}</option>`)}
        </select>
      </div>
      <div class="follow">
        <label class="check"
        ><input
          type="checkbox"
          aria-describedby="follow-hint"
          .checked=${this.follow}
          @change=${(event: Event) => {
            this.follow = (event.target as HTMLInputElement).checked;
          }}
        />${t("window.monitor.follow")}</label
        >
        <p class="muted hint" id="follow-hint">${t("window.monitor.follow.hint")}</p>
      </div>
      <div class="modes">${MODES.map((mode) => this.modeButton(mode))}</div>
      ${noticeHint(this.row, this.queue)}
      <footer>${this.laterButton()}<button type="button" @click=${this.close}>${t("cancel")}</button></footer>`;
  }

  /** The status window for «after this call»: a click on the status of a call leads here. */
  private laterButton(): TemplateResult | typeof nothing {
    if (!this.row || !mayChangeLater(this.row)) return nothing;
    const wish: Wish = { agent: this.agent, control: "status", kind: "status" };
    return html`<button type="button" class="quiet" @click=${() => this.tell("open-window", wish)}>${t("after_call.open")}</button
      ><span class="space"></span>`;
  }

  private modeButton(mode: Mode): TemplateResult {
    const verdict = this.row?.may[mode] ?? { ok: false, reason: "not_monitorable" };
    const why = reasonText(verdict);
    return html`<div class="mode">
      <button
        type="button"
        class=${mode === "monitor" ? "primary" : ""}
        ?disabled=${!verdict.ok}
        aria-describedby="mode-${mode}-hint"
        @click=${() => void this.goTo({ at: "confirm", mode })}
      >
        ${t(`mode.${mode}`)}
      </button>
      <span id="mode-${mode}-hint" class=${why ? "why" : "muted"}>${why || t(`mode.${mode}.hint`)}</span>
    </div>`;
  }

  private confirming(mode: Mode): TemplateResult {
    const { extension } = this;
    const verdict = this.row?.may[mode] ?? { ok: false, reason: "not_monitorable" };
    return html`<p class="question" id="question">
        ${t(`window.monitor.confirm.${mode}`, { extension, name: this.name() })}
      </p>
      ${noticeHint(this.row, this.queue, mode)}
      ${verdict.ok ? nothing : problemBox({ title: reasonText(verdict), detail: "" })}
      <footer>
        <button type="button" @click=${() => void this.goTo({ at: "choose" })}>${t("cancel")}</button>
        <button
          type="button"
          class="primary"
          data-first
          aria-describedby="question"
          ?disabled=${!verdict.ok}
          @click=${() => void this.start(mode)}
        >
          ${t("ok")}
        </button>
      </footer>`;
  }

  private running(id: string, mode: Mode): TemplateResult {
    const state = this.supervision?.state ?? "ringing";
    const now = this.supervision?.mode ?? mode;
    const { extension } = this;
    const phase = phaseOf(state);
    if (phase === "ringing") {
      return html`<div role="status">
          <p class="big busy">${t("supervision.ringing", { extension })}</p>
          <p>${t("window.monitor.answer")}</p>
        </div>
        <footer>
          <button type="button" class="danger" @click=${() => void this.stop(id)}>${t("window.monitor.abort")}</button>
          <button type="button" @click=${this.close}>${t("close")}</button>
        </footer>`;
    }
    if (phase === "listening") {
      return html`<div role="status">
          <p class="big">${t(state === "following" ? "supervision.following" : "supervision.listening")}</p>
          <p>${t("window.monitor.listening", { mode: t(`mode.${now}`) })}</p>
        </div>
        <p class="muted">${since(this.supervision?.since ?? null)}</p>
        <footer>
          <button type="button" class="danger" @click=${() => void this.stop(id)}>${t("supervision.hangup")}</button>
          <button type="button" class="primary" @click=${this.close}>${t("close")}</button>
        </footer>`;
    }
    return this.over(state);
  }

  private over(state: string): TemplateResult {
    const failed = state === "failed";
    const title = t(failed ? "supervision.failed" : "supervision.ended");
    const detail = this.supervision ? causeText(this.supervision) : "";
    return html`${failed
        ? problemBox({ title, detail })
        : html`<div role="status"><p class="big">${title}</p><p>${detail}</p></div>`}
      <footer>
        <button type="button" @click=${() => void this.goTo({ at: "choose" })}>${t("window.monitor.again")}</button>
        <button type="button" class="primary" @click=${this.close}>${t("close")}</button>
      </footer>`;
  }
}
