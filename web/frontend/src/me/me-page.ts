/** My account: who I am, my password, language, dial password, second factor, sessions and tokens; for agents their status and activity. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import type { Session } from "../api/session";
import { LightElement } from "../shell/light-element";
import { announce } from "../shell/notices";
import { LANGUAGES } from "../shell/parts";
import "../shell/password-form";
import { locale, t } from "../text/text";
import "../people/dial-card";
import "../people/session-list";
import type { SessionList } from "../people/session-list";
import "./own-activity";
import "./own-agent";
import "./second-factor-card";
import "./token-list";

@customElement("me-page")
export class MePage extends LightElement {
  @property({ attribute: false }) session: Session | null = null;
  @query("session-list") private readonly sessions!: SessionList;

  protected override render(): TemplateResult {
    const { session } = this;
    const none = t("none");
    const extensions = session?.extensions ?? [];
    return html`<div class="page">
      <header><h1>${t("nav.me")}</h1></header>
      <div class="columns">
        <div class="stack">
          <section class="card part" aria-labelledby="profile-title">
            <h2 id="profile-title">${t("me.profile")}</h2>
            <dl class="pairs">
              <dt>${t("account.login")}</dt>
              <dd>${session?.login}</dd>
              <dt>${t("account.name")}</dt>
              <dd>${session?.name}</dd>
              <dt>${t("account.role")}</dt>
              <dd>${session ? t(`role.${session.role}`) : none}</dd>
              <dt>${t("account.agent")}</dt>
              <dd>${session?.agent ?? none}</dd>
              <dt>${t("account.extensions")}</dt>
              <dd>${extensions.length ? extensions.join(t("list.comma")) : none}</dd>
            </dl>
            <div class="field">
              <label for="own-language">${t("me.language")}</label>
              <select
                id="own-language"
                @change=${(event: Event) => this.tell("choose-language", (event.target as HTMLSelectElement).value)}
              >
                ${LANGUAGES.map(
                  (one) => html`<option value=${one.code} lang=${one.code} .selected=${one.code === locale()}>${one.name}</option>`,
                )}
              </select>
            </div>
          </section>
          <password-form
            class="part-form"
            .login=${session?.login ?? ""}
            @password-changed=${() => {
              announce(t("password.changed"));
              void this.sessions.load();
            }}
          ></password-form>
        </div>
        <div class="stack">
          ${session?.agent ? html`<own-agent .agent=${session.agent}></own-agent><own-activity .agent=${session.agent}></own-activity>` : nothing}
          <dial-card .dialId=${session?.dial_id ?? ""} .since=${session?.dial_password_at ?? null}></dial-card>
          <second-factor-card></second-factor-card>
          <session-list></session-list>
          <token-list></token-list>
        </div>
      </div>
    </div>`;
  }
}
