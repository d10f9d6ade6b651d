/** Asks for a call to a customer on one's own outside phone, and follows it: ringing you, calling the customer, talking, over. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { cancelCallBack, readCallBack, startCallBack, type CallBack } from "../api/call-backs";
import { since } from "../live/since";
import { LightElement } from "../shell/light-element";
import { fieldsOf, problemBox } from "../shell/parts";
import { t } from "../text/text";
import { problemText, type ProblemText } from "../text/wording";
import { callBackText, isLive } from "./call-back-text";

/** A running call-back is looked at so often, ms. */
const AGAIN_MS = 1000;

@customElement("call-back-panel")
export class CallBackPanel extends LightElement {
  @state() private call: CallBack | null = null;
  @state() private pending = false;
  @state() private problem: ProblemText | null = null;
  private timer: number | null = null;
  private ended = false;
  /** id of what was asked for here, until the server tells of it: for a moment it may still tell of the one before */
  private begun: string | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.ended = false;
    this.whileConnected(() => {
      this.ended = true;
      if (this.timer !== null) window.clearTimeout(this.timer);
    });
    void this.look();
  }

  private async look(): Promise<void> {
    if (this.timer !== null) window.clearTimeout(this.timer);
    try {
      const found = await readCallBack();
      if (this.begun === null || found?.id === this.begun) {
        this.begun = null;
        this.call = found;
      }
    } catch (error) {
      this.problem = problemText(error);
    }
    if (!this.ended && isLive(this.call)) this.timer = window.setTimeout(() => void this.look(), AGAIN_MS);
  }

  private async order(act: () => Promise<unknown>): Promise<void> {
    this.pending = true;
    this.problem = null;
    try {
      await act();
      await this.look();
    } catch (error) {
      this.problem = problemText(error);
    } finally {
      this.pending = false;
    }
    await this.updateComplete;
    if (this.problem) this.querySelector<HTMLElement>("#call-back-number")?.focus();
  }

  private submit(event: SubmitEvent): void {
    event.preventDefault();
    const number = fieldsOf(event.target as HTMLFormElement)("number").trim();
    if (number && !this.pending) void this.order(() => this.start(number));
  }

  private async start(number: string): Promise<void> {
    const { id, state } = await startCallBack(number);
    this.begun = id;
    this.call = { id, number, state, party: "", cause: null, asked_at: Date.now() / 1000, since: null, ended_at: null };
  }

  protected override render(): TemplateResult {
    const { call } = this;
    const live = call !== null && isLive(call);
    return html`<section class="call-back" aria-labelledby="call-back-title">
      <h3 id="call-back-title">${t("call_back")}</h3>
      ${problemBox(this.problem)}
      <p role="status" class=${live && call.state !== "talking" ? "busy" : ""}>${call ? callBackText(call) : ""}</p>
      ${live ? this.running(call) : this.form()}
    </section>`;
  }

  private running(call: CallBack): TemplateResult {
    return html`<p>
      ${call.since === null ? nothing : html`<span class="num">${since(call.since)}</span>`}
      <button type="button" class="danger" ?disabled=${this.pending} @click=${() => void this.order(() => cancelCallBack(call.id))}>
        ${t(call.state === "talking" ? "call_back.hang_up" : "call_back.cancel")}
      </button>
    </p>`;
  }

  private form(): TemplateResult {
    return html`<form @submit=${this.submit}>
      <div class="field">
        <label for="call-back-number">${t("call_back.number")}</label>
        <input
          id="call-back-number"
          name="number"
          type="tel"
          autocomplete="off"
          maxlength="40"
          required
          aria-describedby="call-back-hint"
          ?disabled=${this.pending}
        />
        <p class="muted" id="call-back-hint">${t("call_back.hint")}</p>
      </div>
      <button class="primary" ?disabled=${this.pending}>${t("call_back.start")}</button>
    </form>`;
  }
}
