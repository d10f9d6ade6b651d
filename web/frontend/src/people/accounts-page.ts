/** Accounts: the list, and one of them to be changed. */
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { readAccounts, type Account } from "../api/accounts";
import type { Session } from "../api/session";
import { LightElement } from "../shell/light-element";
import { problemBox } from "../shell/parts";
import { go, goTo } from "../shell/pages";
import { t } from "../text/text";
import { problemText, type ProblemText } from "../text/wording";
import { fold } from "../view/arrange";
import "./account-page";
import "./new-account-window";

@customElement("accounts-page")
export class AccountsPage extends LightElement {
  /** the account of the address; empty for the list */
  @property() login = "";
  @property({ attribute: false }) session: Session | null = null;
  @state() private accounts: Account[] = [];
  @state() private next: string | null = null;
  @state() private loaded = false;
  @state() private adding = false;
  @state() private search = "";
  @state() private problem: ProblemText | null = null;

  protected override willUpdate(changed: PropertyValues<this>): void {
    // Also when one comes back from an account that has been changed.
    if (changed.has("login") && !this.login) void this.load("");
  }

  private async load(cursor: string): Promise<void> {
    try {
      const page = await readAccounts(cursor);
      this.accounts = cursor ? [...this.accounts, ...page.accounts] : page.accounts;
      this.next = page.next;
      this.problem = null;
      this.loaded = true;
    } catch (error) {
      this.problem = problemText(error);
    }
  }

  protected override render(): TemplateResult {
    if (this.login) return html`<account-page .login=${this.login} .session=${this.session}></account-page>`;
    const words = fold(this.search).trim();
    const found = this.accounts.filter((one) => fold(`${one.login} ${one.name}`).includes(words));
    return html`<div class="page">
      <header>
        <h1>${t("nav.accounts")}</h1>
        <label class="vh" for="account-search">${t("accounts.search")}</label>
        <input
          id="account-search"
          type="search"
          placeholder=${t("accounts.search")}
          .value=${this.search}
          @input=${(event: Event) => {
            this.search = (event.target as HTMLInputElement).value;
          }}
        />
        <span class="space"></span>
        <button type="button" class="primary" @click=${this.openWindow}>${t("accounts.add")}</button>
      </header>
      ${problemBox(this.problem)} ${this.loaded ? this.table(found) : html`<p class="loading" role="status">${t("loading")}</p>`}
      ${this.next === null
        ? nothing
        : html`<button type="button" @click=${() => void this.load(this.next ?? "")}>${t("accounts.more")}</button>`}
      ${this.adding
        ? html`<new-account-window
            @account-added=${(event: CustomEvent<string>) => goTo(`/accounts/${encodeURIComponent(event.detail)}`)}
            @window-closed=${this.windowClosed}
          ></new-account-window>`
        : nothing}
    </div>`;
  }

  private openWindow(): void {
    this.adding = true;
  }

  private windowClosed(): void {
    this.adding = false;
  }

  private table(accounts: Account[]): TemplateResult {
    if (!accounts.length) return html`<p class="muted">${t("accounts.empty")}</p>`;
    return html`<div class="card list" role="group" aria-label=${t("accounts.list")} tabindex="0">
      <table>
        <thead>
          <tr>
            <th scope="col">${t("account.login")}</th>
            <th scope="col">${t("account.name")}</th>
            <th scope="col">${t("account.role")}</th>
            <th scope="col">${t("account.agent")}</th>
            <th scope="col">${t("account.extensions")}</th>
            <th scope="col">${t("account.grants")}</th>
            <th scope="col">${t("account.state")}</th>
          </tr>
        </thead>
        <tbody>
          ${repeat(
            accounts,
            (one) => one.login,
            (one) => this.row(one),
          )}
        </tbody>
      </table>
    </div>`;
  }

  private row(one: Account): TemplateResult {
    const grants = Object.entries(one.grants);
    return html`<tr>
      <th scope="row"><a href="/accounts/${encodeURIComponent(one.login)}" @click=${go}>${one.login}</a></th>
      <td>${one.name}</td>
      <td>${t(`role.${one.role}`)}</td>
      <td>${one.agent ?? t("none")}</td>
      <td>${one.extensions.join(t("list.comma")) || t("none")}</td>
      <td>
        ${one.role === "administrator"
          ? t("queues.right.all")
          : grants.map(([queue, right]) => `${queue} (${t(right === "edit" ? "right.edit" : "right.view")})`).join(t("list.comma")) ||
            t("none")}
      </td>
      <td>${stateText(one)}</td>
    </tr>`;
  }
}

/** Whether the account is in use, in words. */
export function stateText(one: Account): string {
  if (one.disabled) return t("account.state.disabled");
  return t(one.must_change_password ? "account.state.must" : "account.state.active");
}
