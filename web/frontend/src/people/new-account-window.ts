/** A new account; what it may do on which queue is set afterwards on its page. */
import { html, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { addAccount, type Account } from "../api/accounts";
import type { DialLogin } from "../api/dial";
import { announce } from "../shell/notices";
import { fieldsOf, problemBox } from "../shell/parts";
import { t } from "../text/text";
import { problemText, type ProblemText } from "../text/wording";
import { WindowElement } from "../windows/window-element";
import { accountFields, wishOf } from "./account-fields";
import { dialSecret } from "./dial-secret";
import { floorNames, NO_NAMES, type FloorNames } from "./floor-names";

@customElement("new-account-window")
export class NewAccountWindow extends WindowElement {
  @state() private pending = false;
  @state() private problem: ProblemText | null = null;
  @state() private names: FloorNames = NO_NAMES;
  /** the new account, while its dial password is shown */
  @state() private made: (Account & DialLogin) | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    void floorNames().then((names) => {
      this.names = names;
    });
  }

  private async submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const text = fieldsOf(event.target as HTMLFormElement);
    const wish = wishOf(text);
    if (!wish) {
      this.problem = { title: t("account.extensions.wrong"), detail: "" };
      return;
    }
    this.pending = true;
    this.problem = null;
    try {
      this.made = await addAccount({ ...wish, login: text("login").trim(), password: text("password") });
      announce(t("account.added", { login: this.made.login }));
      await this.updateComplete;
      this.querySelector<HTMLElement>("[data-first]")?.focus();
    } catch (error) {
      this.problem = problemText(error);
    } finally {
      this.pending = false;
    }
  }

  /** However the window is closed: the account is there, and its page comes next. */
  protected override closed(): void {
    super.closed();
    if (this.made) this.tell("account-added", this.made.login);
  }

  protected override render(): TemplateResult {
    if (this.made) return this.frame(t("account.made", { login: this.made.login }), this.shown(this.made));
    return this.frame(
      t("accounts.add"),
      html`<form @submit=${this.submit} autocomplete="off">
        ${problemBox(this.problem)} ${accountFields(null, this.names.agents)}
        <div class="field">
          <label for="account-password">${t("account.password.first")}</label>
          <input
            id="account-password"
            name="password"
            type="password"
            autocomplete="new-password"
            minlength="8"
            aria-describedby="account-password-hint"
            required
          />
          <p class="hint" id="account-password-hint">${t("account.password.hint")}</p>
        </div>
        <footer>
          <button type="button" @click=${this.close}>${t("cancel")}</button>
          <button class="primary" ?disabled=${this.pending}>${t("accounts.add")}</button>
        </footer>
      </form>`,
    );
  }

  private shown(made: Account & DialLogin): TemplateResult {
    return html`<div class="content">
      ${dialSecret(made)}
      <footer><button type="button" class="primary" @click=${this.close}>${t("dial.kept")}</button></footer>
    </div>`;
  }
}
