/** One's own second factor: set up with an authenticator app, recovery codes shown once, new ones, and off again. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import {
  beginSecondFactor,
  confirmSecondFactor,
  newRecoveryCodes,
  readSecondFactor,
  removeSecondFactor,
  type SecondFactor,
} from "../api/second-factor";
import { LightElement } from "../shell/light-element";
import { announce } from "../shell/notices";
import { fieldsOf, problemBox } from "../shell/parts";
import { dateTime } from "../text/duration";
import { locale, t } from "../text/text";
import { problemText, type ProblemText } from "../text/wording";
import { qrCode } from "./qr-code";

type Step =
  | { at: "rest" }
  | { at: "password"; for: "begin" | "renew" | "remove" }
  | { at: "scan"; secret: string; uri: string }
  | { at: "codes"; codes: string[] };

@customElement("second-factor-card")
export class SecondFactorCard extends LightElement {
  @state() private now: SecondFactor | null = null;
  @state() private step: Step = { at: "rest" };
  @state() private pending = false;
  @state() private problem: ProblemText | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.load();
  }

  private async load(): Promise<void> {
    try {
      this.now = await readSecondFactor();
    } catch (error) {
      this.problem = problemText(error);
    }
  }

  /** Goes to a step and puts the focus on what it begins with. */
  private async go(step: Step): Promise<void> {
    this.step = step;
    await this.updateComplete;
    this.querySelector<HTMLElement>("[data-first]")?.focus();
  }

  private async order(act: () => Promise<Step>): Promise<void> {
    if (this.pending) return;
    this.pending = true;
    this.problem = null;
    try {
      const step = await act();
      await this.load();
      await this.go(step);
    } catch (error) {
      this.problem = problemText(error);
    } finally {
      this.pending = false;
    }
  }

  private submitPassword(event: SubmitEvent, purpose: "begin" | "renew" | "remove"): void {
    event.preventDefault();
    const password = fieldsOf(event.target as HTMLFormElement)("password");
    void this.order(async () => {
      if (purpose === "begin") return { at: "scan", ...(await beginSecondFactor(password)) };
      if (purpose === "renew") return { at: "codes", codes: (await newRecoveryCodes(password)).recovery_codes };
      await removeSecondFactor(password);
      announce(t("factor.removed"));
      return { at: "rest" };
    });
  }

  private submitCode(event: SubmitEvent): void {
    event.preventDefault();
    const code = fieldsOf(event.target as HTMLFormElement)("code").normalize("NFKC").replace(/\s/g, "");
    void this.order(async () => ({ at: "codes", codes: (await confirmSecondFactor(code)).recovery_codes }));
  }

  private async copy(codes: readonly string[]): Promise<void> {
    try {
      await navigator.clipboard.writeText(codes.join("\n"));
      announce(t("tokens.copied"));
    } catch (error) {
      this.problem = problemText(error);
    }
  }

  protected override render(): TemplateResult {
    return html`<section class="card part" aria-labelledby="factor-title">
      <h2 id="factor-title">${t("factor")}</h2>
      ${problemBox(this.problem)} ${this.now ? this.content(this.now) : nothing}
    </section>`;
  }

  private content(now: SecondFactor): TemplateResult {
    const { step } = this;
    switch (step.at) {
      case "rest":
        return this.resting(now);
      case "password":
        return this.password(step.for);
      case "scan":
        return this.scanning(step.secret, step.uri);
      case "codes":
        return this.codes(step.codes);
    }
  }

  private resting(now: SecondFactor): TemplateResult {
    const button = (purpose: "begin" | "renew" | "remove", kind: string): TemplateResult =>
      html`<button type="button" class=${kind} @click=${() => void this.go({ at: "password", for: purpose })}>
        ${t(`factor.${purpose}`)}
      </button>`;
    if (!now.on) {
      return html`<p>${t("factor.off")}</p>
        <footer>${button("begin", "primary")}</footer>`;
    }
    return html`<p>${t("factor.on", { time: now.since === null ? "" : dateTime(now.since, locale()) })}</p>
      <p class=${now.recovery_codes_left < 3 ? "note" : "muted"}>${t("factor.left", { n: now.recovery_codes_left })}</p>
      <footer>${button("renew", "")}<span class="space"></span>${button("remove", "danger")}</footer>`;
  }

  private password(purpose: "begin" | "renew" | "remove"): TemplateResult {
    return html`<form class="stack" @submit=${(event: SubmitEvent) => this.submitPassword(event, purpose)}>
      <p>${t(`factor.${purpose}.hint`)}</p>
      <div class="field">
        <label for="factor-password">${t("password.current")}</label>
        <input id="factor-password" name="password" type="password" autocomplete="current-password" data-first required />
      </div>
      ${this.buttons(t(`factor.${purpose}`), purpose === "remove" ? "danger" : "primary")}
    </form>`;
  }

  private scanning(secret: string, uri: string): TemplateResult {
    return html`<form class="stack" @submit=${this.submitCode} autocomplete="off">
      <p>${t("factor.scan")}</p>
      ${qrCode(uri, t("factor.qr"))}
      <p>${t("factor.by_hand")}</p>
      <p><code class="secret">${secret.replace(/(.{4})(?=.)/g, "$1 ")}</code></p>
      <p><a href=${uri}>${t("factor.link")}</a></p>
      <div class="field">
        <label for="factor-code">${t("factor.code")}</label>
        <input id="factor-code" name="code" type="text" inputmode="numeric" autocomplete="one-time-code" maxlength="12" data-first required />
      </div>
      ${this.buttons(t("factor.confirm"), "primary")}
    </form>`;
  }

  private codes(codes: string[]): TemplateResult {
    return html`<p class="note" role="status" tabindex="-1" data-first>${t("factor.codes.hint")}</p>
      <ol class="codes" aria-label=${t("factor.codes")}>
        ${codes.map((code) => html`<li><code>${code}</code></li>`)}
      </ol>
      <footer>
        <button type="button" @click=${() => void this.copy(codes)}>${t("tokens.copy")}</button>
        <span class="space"></span>
        <button type="button" class="primary" @click=${() => void this.go({ at: "rest" })}>${t("factor.codes.kept")}</button>
      </footer>`;
  }

  private buttons(label: string, kind: string): TemplateResult {
    return html`<footer>
      <button
        type="button"
        @click=${() => {
          this.problem = null;
          void this.go({ at: "rest" });
        }}
      >
        ${t("cancel")}
      </button>
      <span class="space"></span>
      <button class=${kind} ?disabled=${this.pending}>${label}</button>
    </footer>`;
  }
}
