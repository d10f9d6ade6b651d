/** The dial ID of an account, or one's own, and a new dial password, shown once. */
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { renewDial, renewOwnDial, type DialLogin } from "../api/dial";
import { LightElement } from "../shell/light-element";
import { announce } from "../shell/notices";
import { fieldsOf, problemBox } from "../shell/parts";
import { dateTime } from "../text/duration";
import { locale, t } from "../text/text";
import { problemText, type ProblemText } from "../text/wording";
import { dialSecret } from "./dial-secret";

type Step = "rest" | "asked" | "made";

@customElement("dial-card")
export class DialCard extends LightElement {
  /** whose; null for one's own, which needs one's password */
  @property({ attribute: false }) login: string | null = null;
  @property({ attribute: false }) dialId = "";
  /** when the present dial password was made; null for none */
  @property({ attribute: false }) since: number | null = null;
  @state() private step: Step = "rest";
  @state() private made: DialLogin | null = null;
  @state() private pending = false;
  @state() private problem: ProblemText | null = null;

  protected override willUpdate(changed: PropertyValues<this>): void {
    // Another account's page: what was made for the one before is nobody's business here.
    if (changed.has("login") || changed.has("dialId")) {
      this.step = "rest";
      this.made = null;
    }
  }

  private async go(step: Step): Promise<void> {
    this.step = step;
    this.problem = null;
    if (step !== "made") this.made = null;
    await this.updateComplete;
    this.querySelector<HTMLElement>("[data-first]")?.focus();
  }

  private async renew(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (this.pending) return;
    const password = fieldsOf(event.target as HTMLFormElement)("password");
    this.pending = true;
    this.problem = null;
    try {
      this.made = await (this.login === null ? renewOwnDial(password) : renewDial(this.login));
      this.since = Date.now() / 1000;
      await this.go("made");
      announce(t("dial.renewed"));
    } catch (error) {
      this.problem = problemText(error);
    } finally {
      this.pending = false;
    }
  }

  protected override render(): TemplateResult {
    return html`<section class="card part" aria-labelledby="dial-title">
      <h2 id="dial-title">${t("dial")}</h2>
      <p class="muted">${t("dial.hint")}</p>
      <dl class="pairs">
        <dt>${t("dial.id")}</dt>
        <dd><code class="secret">${this.dialId}</code></dd>
        <dt>${t("dial.password")}</dt>
        <dd>${this.since === null ? t("dial.password.none") : t("dial.password.since", { time: dateTime(this.since, locale()) })}</dd>
      </dl>
      ${problemBox(this.problem)} ${this.content()}
    </section>`;
  }

  private content(): TemplateResult {
    if (this.step === "made" && this.made) {
      return html`${dialSecret(this.made)}
        <footer>
          <span class="space"></span>
          <button type="button" class="primary" @click=${() => void this.go("rest")}>${t("dial.kept")}</button>
        </footer>`;
    }
    if (this.step === "asked") return this.form();
    return html`<footer>
      <button type="button" data-first @click=${() => void this.go("asked")}>${t("dial.renew")}</button>
    </footer>`;
  }

  private form(): TemplateResult {
    const own = this.login === null;
    return html`<form class="stack" @submit=${this.renew}>
      <p>${t("dial.renew.hint")}</p>
      ${own
        ? html`<div class="field">
            <label for="dial-own-password">${t("password.current")}</label>
            <input id="dial-own-password" name="password" type="password" autocomplete="current-password" data-first required />
          </div>`
        : nothing}
      <footer>
        <button type="button" @click=${() => void this.go("rest")}>${t("cancel")}</button>
        <span class="space"></span>
        <button class="primary" ?data-first=${!own} ?disabled=${this.pending}>${t("dial.renew")}</button>
      </footer>
    </form>`;
  }
}
