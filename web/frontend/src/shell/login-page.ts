/** Log-in. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { Problem } from "../api/http";
import { logIn, type Session } from "../api/session";
import { t } from "../text/text";
import { problemText, type ProblemText } from "../text/wording";
import { brand, fieldsOf, languageButtons, problemBox } from "./parts";
import { LightElement } from "./light-element";

@customElement("login-page")
export class LoginPage extends LightElement {
  /** the session ended while somebody worked here */
  @property({ type: Boolean }) ended = false;
  @state() private busy = false;
  @state() private asksCode = false;
  @state() private problem: ProblemText | null = null;

  protected override firstUpdated(): void {
    this.querySelector<HTMLInputElement>("#login")?.focus();
  }

  private async submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const text = fieldsOf(event.target as HTMLFormElement);
    this.busy = true;
    this.problem = null;
    try {
      const session = await logIn(text("login").trim(), text("password"), text("code").trim());
      this.tell("logged-in", session satisfies Session);
    } catch (error) {
      await this.refused(error);
    } finally {
      this.busy = false;
    }
  }

  private async refused(error: unknown): Promise<void> {
    if (error instanceof Problem && error.id === "second_factor_required") {
      this.asksCode = true;
      await this.updateComplete;
      this.querySelector<HTMLInputElement>("#code")?.focus();
      return;
    }
    this.problem = problemText(error);
    if (error instanceof Problem && error.retryAfterS !== null) {
      this.problem.detail ||= t("login.wait", { seconds: error.retryAfterS });
    }
    await this.updateComplete;
    this.querySelector<HTMLInputElement>("#password")?.select();
  }

  protected override render(): TemplateResult {
    return html`<div class="entry">
      <form class="card" @submit=${this.submit} aria-labelledby="entry-title">
        ${brand()}
        <h1 id="entry-title">${t("login.title")}</h1>
        ${this.ended && !this.problem ? html`<p class="note" role="status">${t("login.ended")}</p>` : nothing}
        ${problemBox(this.problem)}
        <div class="field">
          <label for="login">${t("login.login")}</label>
          <input id="login" name="login" type="text" autocomplete="username" autocapitalize="none" spellcheck="false" required />
        </div>
        <div class="field">
          <label for="password">${t("login.password")}</label>
          <input id="password" name="password" type="password" autocomplete="current-password" required />
        </div>
        ${this.asksCode
          ? html`<div class="field">
              <label for="code">${t("login.code")}</label>
              <input id="code" name="code" type="text" autocomplete="one-time-code" aria-describedby="code-hint" required />
              <p class="hint" id="code-hint">${t("login.code.hint")}</p>
            </div>`
          : nothing}
        <button class="primary" ?disabled=${this.busy}>${this.busy ? t("login.busy") : t("login.submit")}</button>
      </form>
      ${languageButtons()}
    </div>`;
  }
}
