/** The fields of an account, the same for a new one and for a change. */
import { html, nothing, type TemplateResult } from "lit";
import type { Account, AccountWish } from "../api/accounts";
import type { Role } from "../api/session";
import { LANGUAGES } from "../shell/parts";
import { t } from "../text/text";

const ROLES: readonly Role[] = ["administrator", "supervisor", "user"];

/** Fields filled with an account's values; of a new account with `null`. `agents` are suggestions. */
export function accountFields(account: Account | null, agents: readonly { agent: string; name: string }[]): TemplateResult {
  const role = account?.role ?? "supervisor";
  return html`${account ? nothing : textField("login", t("account.login"), "", { required: true, maxlength: 64 })}
    ${textField("name", t("account.name"), account?.name ?? "", { required: true, maxlength: 200 })}
    <div class="field">
      <label for="account-role">${t("account.role")}</label>
      <select id="account-role" name="role">
        ${ROLES.map((one) => html`<option value=${one} .selected=${one === role}>${t(`role.${one}`)}</option>`)}
      </select>
    </div>
    ${textField("agent", t("account.agent"), account?.agent ?? "", { hint: t("account.agent.hint"), list: "agents" })}
    <datalist id="agents">${agents.map((one) => html`<option value=${one.agent}>${one.name}</option>`)}</datalist>
    ${textField("extensions", t("account.extensions"), account?.extensions.join(", ") ?? "", {
      hint: t("account.extensions.hint"),
    })}
    <div class="field">
      <label for="account-locale">${t("account.locale")}</label>
      <select id="account-locale" name="locale">
        ${LANGUAGES.map(
          (one) =>
            html`<option value=${one.code} lang=${one.code} .selected=${one.code === (account?.locale ?? "ja")}>${one.name}</option>`,
        )}
      </select>
    </div>`;
}

interface FieldOptions {
  hint?: string;
  list?: string;
  required?: boolean;
  maxlength?: number;
}

function textField(name: string, label: string, value: string, options: FieldOptions): TemplateResult {
  const { hint, list, required = false, maxlength = 200 } = options;
  return html`<div class="field">
    <label for="account-${name}">${label}</label>
    <input
      id="account-${name}"
      name=${name}
      type="text"
      autocomplete="off"
      spellcheck="false"
      maxlength=${maxlength}
      list=${list ?? nothing}
      aria-describedby=${hint ? `account-${name}-hint` : nothing}
      ?required=${required}
      .value=${value}
    />
    ${hint ? html`<p class="hint" id="account-${name}-hint">${hint}</p>` : nothing}
  </div>`;
}

/** What the fields hold; `null` where the extensions are no list of digits. */
export function wishOf(text: (name: string) => string): AccountWish | null {
  const extensions = extensionsOf(text("extensions"));
  if (!extensions) return null;
  return {
    name: text("name").trim(),
    role: text("role") as Role,
    locale: text("locale"),
    agent: text("agent").trim() || null,
    extensions,
  };
}

/** «9001, 9002» as a list, full-width digits and commas too; `null` when something else is in it. */
export function extensionsOf(text: string): string[] | null {
  const parts = text.normalize("NFKC").split(/[,、\s]+/).filter(Boolean);
  return parts.every((part) => /^[0-9]{1,20}$/.test(part)) ? [...new Set(parts)] : null;
}
