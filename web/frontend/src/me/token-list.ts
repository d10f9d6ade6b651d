/** One's own API tokens: made, shown once, revoked. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { addToken, readTokens, removeToken, type Token } from "../api/accounts";
import type { Role } from "../api/session";
import { LightElement } from "../shell/light-element";
import { announce } from "../shell/notices";
import { fieldsOf, problemBox } from "../shell/parts";
import { dateTime } from "../text/duration";
import { locale, t } from "../text/text";
import { problemText, type ProblemText } from "../text/wording";
import { DAYS, tokenWish } from "./token-wish";

const ROLES: readonly Role[] = ["supervisor", "user"];

@customElement("token-list")
export class TokenList extends LightElement {
  @state() private tokens: Token[] | null = null;
  @state() private secret = "";
  @state() private pending = false;
  @state() private problem: ProblemText | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.load();
  }

  private async load(): Promise<void> {
    try {
      this.tokens = (await readTokens()).tokens;
    } catch (error) {
      this.problem = problemText(error);
    }
  }

  private async add(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    this.pending = true;
    this.problem = null;
    try {
      this.secret = (await addToken(tokenWish(fieldsOf(form)))).token;
      form.reset();
      await this.load();
      await this.updateComplete;
      this.querySelector<HTMLElement>("#token-secret")?.focus();
    } catch (error) {
      this.problem = problemText(error);
    } finally {
      this.pending = false;
    }
  }

  private async revoke(id: number): Promise<void> {
    this.problem = null;
    try {
      await removeToken(id);
      announce(t("tokens.removed"));
    } catch (error) {
      this.problem = problemText(error);
    }
    await this.load();
  }

  private async copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.secret);
      announce(t("tokens.copied"));
    } catch {
      // Without the browser's leave the field is selected, to be copied by hand.
      this.querySelector<HTMLInputElement>("#token-secret")?.select();
    }
  }

  protected override render(): TemplateResult {
    return html`<section class="card part" aria-labelledby="tokens-title">
      <h2 id="tokens-title">${t("tokens")}</h2>
      <p class="muted">${t("tokens.hint")}</p>
      ${problemBox(this.problem)} ${this.secret ? this.fresh() : nothing}
      ${this.tokens?.length === 0 ? html`<p class="muted">${t("tokens.none")}</p>` : nothing}
      <ul class="lines">
        ${repeat(
          this.tokens ?? [],
          (one) => one.id,
          (one) => this.line(one),
        )}
      </ul>
      ${this.form()}
    </section>`;
  }

  private fresh(): TemplateResult {
    return html`<div class="note field">
      <label for="token-secret">${t("tokens.secret")}</label>
      <div class="inline">
        <input id="token-secret" type="text" readonly .value=${this.secret} aria-describedby="token-secret-hint" />
        <button type="button" @click=${this.copy}>${t("tokens.copy")}</button>
      </div>
      <p id="token-secret-hint">${t("tokens.secret.hint")}</p>
    </div>`;
  }

  private line(one: Token): TemplateResult {
    const at = (time: number | null): string => (time === null ? t("tokens.never") : dateTime(time, locale()));
    const limits = [
      ...(one.role ? [t(`role.${one.role}`)] : []),
      ...Object.entries(one.queues ?? {}).map(([queue, right]) => `${queue} (${t(right === "edit" ? "right.edit" : "right.view")})`),
      ...(one.actions ?? []),
    ];
    return html`<li>
      <div>
        <b>${one.name}</b>
        <p class="muted">${t("tokens.expires")}: ${at(one.expires_at)} ・ ${t("tokens.used")}: ${at(one.used_at)}</p>
        ${limits.length ? html`<p class="muted">${t("tokens.limits")}: ${limits.join(t("list.comma"))}</p>` : nothing}
      </div>
      <button type="button" aria-label="${t("tokens.remove")}: ${one.name}" @click=${() => void this.revoke(one.id)}>
        ${t("tokens.remove")}
      </button>
    </li>`;
  }

  private form(): TemplateResult {
    return html`<form class="grid" @submit=${this.add} autocomplete="off">
      <div class="field">
        <label for="token-name">${t("tokens.name")}</label>
        <input id="token-name" name="name" type="text" maxlength="100" required />
      </div>
      <div class="field">
        <label for="token-days">${t("tokens.days")}</label>
        <input id="token-days" name="days" type="number" min="1" max="366" value=${DAYS} required />
      </div>
      <div class="field">
        <label for="token-role">${t("tokens.role")}</label>
        <select id="token-role" name="role">
          <option value="">${t("tokens.role.same")}</option>
          ${ROLES.map((role) => html`<option value=${role}>${t(`role.${role}`)}</option>`)}
        </select>
      </div>
      <div class="field">
        <label for="token-right">${t("tokens.right")}</label>
        <select id="token-right" name="right">
          <option value="view">${t("right.view")}</option>
          <option value="edit">${t("right.edit")}</option>
        </select>
      </div>
      <div class="field wide">
        <label for="token-queues">${t("tokens.queues")}</label>
        <input id="token-queues" name="queues" type="text" spellcheck="false" aria-describedby="token-queues-hint" />
        <p class="hint" id="token-queues-hint">${t("tokens.queues.hint")}</p>
      </div>
      <button class="wide" ?disabled=${this.pending}>${t("tokens.add")}</button>
    </form>`;
  }
}
