/** Changing one's own password: as a page of its own when it must be done, and on «my account». */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { changePassword } from "../api/session";
import { t } from "../text/text";
import { problemText, type ProblemText } from "../text/wording";
import { LightElement } from "./light-element";
import { fieldsOf, problemBox } from "./parts";

/** As on the server, which decides. */
const SHORTEST = 12;

@customElement("password-form")
export class PasswordForm extends LightElement {
  /** for the browser's password store */
  @property() login = "";
  @property({ type: Boolean }) must = false;
  @state() private busy = false;
  @state() private problem: ProblemText | null = null;

  private async submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const element = event.target as HTMLFormElement;
    const text = fieldsOf(element);
    const fresh = text("new");
    if (fresh.length < SHORTEST || fresh !== text("again")) {
      this.problem = { title: t(fresh.length < SHORTEST ? "password.short" : "password.mismatch"), detail: "" };
      return;
    }
    this.busy = true;
    this.problem = null;
    try {
      await changePassword(text("current"), fresh);
      element.reset();
      this.tell("password-changed");
    } catch (error) {
      this.problem = problemText(error);
    } finally {
      this.busy = false;
    }
  }

  protected override render(): TemplateResult {
    const field = (id: string, label: string, autocomplete: "current-password" | "new-password", hint = ""): TemplateResult =>
      html`<div class="field">
        <label for="password-${id}">${label}</label>
        <input
          id="password-${id}"
          name=${id}
          type="password"
          autocomplete=${autocomplete}
          aria-describedby=${hint ? `password-${id}-hint` : nothing}
          required
        />
        ${hint ? html`<p class="hint" id="password-${id}-hint">${hint}</p>` : nothing}
      </div>`;
    return html`<form class="card" @submit=${this.submit} aria-labelledby="password-title">
      ${this.must
        ? html`<h1 id="password-title">${t("password.title")}</h1>`
        : html`<h2 id="password-title">${t("password.title")}</h2>`}
      ${this.must ? html`<p class="note">${t("password.must")}</p>` : nothing} ${problemBox(this.problem)}
      <input class="vh" type="text" name="login" autocomplete="username" .value=${this.login} tabindex="-1" aria-hidden="true" readonly />
      ${field("current", t("password.current"), "current-password")}
      ${field("new", t("password.new"), "new-password", t("password.rule"))}
      ${field("again", t("password.again"), "new-password")}
      <button class="primary" ?disabled=${this.busy}>${t("change")}</button>
    </form>`;
  }
}
