/** One account: its data, its rights on queues, its sessions. */
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { changeAccount, readAccount, removeAccount, type Account } from "../api/accounts";
import { dropSecondFactor } from "../api/second-factor";
import type { Session } from "../api/session";
import { LightElement } from "../shell/light-element";
import { announce } from "../shell/notices";
import { fieldsOf, problemBox } from "../shell/parts";
import { go, goTo } from "../shell/pages";
import { tabLinks, tabOf } from "../shell/tabs";
import { dateTime } from "../text/duration";
import { locale, t } from "../text/text";
import { problemText, type ProblemText } from "../text/wording";
import { accountFields, wishOf } from "./account-fields";
import { floorNames, NO_NAMES, type FloorNames } from "./floor-names";
import "./account-agent";
import "./confirm-window";
import "./dial-card";
import "./grants-table";
import "./session-list";

@customElement("account-page")
export class AccountPage extends LightElement {
  @property() login = "";
  @property({ attribute: false }) session: Session | null = null;
  @state() private account: Account | null = null;
  @state() private names: FloorNames = NO_NAMES;
  @state() private problem: ProblemText | null = null;
  @state() private pending = false;
  @state() private deleting = false;
  @state() private tab = tabOf(["agent"]);

  override connectedCallback(): void {
    super.connectedCallback();
    const moved = (): void => {
      this.tab = tabOf(["agent"]);
    };
    window.addEventListener("popstate", moved);
    this.whileConnected(() => {
      window.removeEventListener("popstate", moved);
    });
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("login")) void this.load();
  }

  private async load(): Promise<void> {
    this.account = null;
    this.problem = null;
    try {
      this.account = await readAccount(this.login);
    } catch (error) {
      this.problem = problemText(error);
      return;
    }
    this.names = await floorNames();
  }

  private async submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const text = fieldsOf(form);
    const wish = wishOf(text);
    if (!wish) {
      this.problem = { title: t("account.extensions.wrong"), detail: "" };
      return;
    }
    const password = text("password");
    this.pending = true;
    this.problem = null;
    try {
      const disabled = text("disabled") === "on";
      this.account = await changeAccount(this.login, { ...wish, disabled, ...(password ? { password } : {}) });
      const field = form.querySelector<HTMLInputElement>("#account-password");
      if (field) field.value = "";
      announce(t("account.saved", { login: this.login }));
    } catch (error) {
      this.problem = problemText(error);
    } finally {
      this.pending = false;
    }
  }

  private async deleteNow(): Promise<void> {
    this.deleting = false;
    try {
      await removeAccount(this.login);
      announce(t("account.deleted", { login: this.login }));
      goTo("/accounts");
    } catch (error) {
      this.problem = problemText(error);
    }
  }

  protected override render(): TemplateResult {
    const { account } = this;
    return html`<div class="page">
      <header>
        <h1>${t("account.login")}: ${this.login}</h1>
        <a class="button" href="/accounts" @click=${go}>${t("accounts.back")}</a>
      </header>
      ${tabLinks(t("account.tabs"), `/accounts/${encodeURIComponent(this.login)}`, this.tab, [
        ["", t("account.tab.account")],
        ["agent", t("account.tab.agent")],
      ])}
      ${problemBox(this.problem)} ${account ? (this.tab === "agent" ? this.agentTab(account) : this.content(account)) : nothing}
    </div>`;
  }

  private agentTab(account: Account): TemplateResult {
    return html`<account-agent .agent=${account.agent ?? ""}></account-agent>`;
  }

  private async dropFactor(): Promise<void> {
    this.problem = null;
    try {
      await dropSecondFactor(this.login);
      if (this.account) this.account = { ...this.account, second_factor: false };
      announce(t("factor.removed"));
    } catch (error) {
      this.problem = problemText(error);
    }
  }

  private content(account: Account): TemplateResult {
    const own = account.login === this.session?.login;
    return html`<div class="columns">
        <form class="card part" @submit=${this.submit} autocomplete="off">
          ${accountFields(account, this.names.agents)}
          <div class="field">
            <label for="account-password">${t("account.password.reset")}</label>
            <input
              id="account-password"
              name="password"
              type="password"
              autocomplete="new-password"
              minlength="8"
              aria-describedby="account-password-hint"
            />
            <p class="hint" id="account-password-hint">${t("account.password.hint")} ${t("account.password.reset.hint")}</p>
          </div>
          <div>
            <label class="check"
              ><input
                type="checkbox"
                name="disabled"
                aria-describedby="account-disabled-hint"
                .checked=${account.disabled}
                ?disabled=${own}
              />${t("account.disabled")}</label
            >
            <p class="muted" id="account-disabled-hint">${t("account.disabled.hint")}</p>
          </div>
          <p>
            ${t("factor")}: ${t(account.second_factor ? "factor.is_on" : "factor.is_off")}
            ${account.second_factor
              ? html`<button type="button" @click=${() => void this.dropFactor()}>${t("factor.drop")}</button>`
              : nothing}
          </p>
          <p class="muted">${t("account.created")}: ${dateTime(account.created_at, locale())}</p>
          <footer>
            ${own
              ? nothing
              : html`<button type="button" class="danger" @click=${this.askRemoval}>${t("account.delete")}</button>`}
            <span class="space"></span>
            <button class="primary" ?disabled=${this.pending}>${t("save")}</button>
          </footer>
        </form>
        <div class="stack">
          <grants-table
            .account=${account}
            .queues=${this.names.queues}
            @account-changed=${(event: CustomEvent<Account>) => {
              this.account = event.detail;
            }}
          ></grants-table>
          <dial-card .login=${account.login} .dialId=${account.dial_id} .since=${account.dial_password_at}></dial-card>
          <session-list .login=${account.login}></session-list>
        </div>
      </div>
      ${this.deleting
        ? html`<confirm-window
            .heading=${t("account.delete")}
            .text=${t("account.delete.text", { login: account.login })}
            .act=${t("delete")}
            @confirmed=${this.deleteNow}
            @window-closed=${this.keep}
          ></confirm-window>`
        : nothing}`;
  }

  private askRemoval(): void {
    this.deleting = true;
  }

  private keep(): void {
    this.deleting = false;
  }
}
