/** The menu under one's own name: language, theme, log-out. */
import { html, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Session } from "../api/session";
import { locale, t, type Locale } from "../text/text";
import { icon } from "../view/shapes";
import { placeUnder } from "./place";
import { chooseTheme, readTheme, type Theme } from "./theme";
import { LANGUAGES } from "./parts";
import { LightElement } from "./light-element";

const THEMES: readonly Theme[] = ["light", "dark", "auto"];

@customElement("account-menu")
export class AccountMenu extends LightElement {
  @property({ attribute: false }) session: Session | null = null;
  @state() private theme: Theme = readTheme();

  private choose(theme: Theme): void {
    this.theme = theme;
    chooseTheme(theme);
  }

  private language(code: Locale): void {
    this.tell("choose-language", code);
  }

  protected override render(): TemplateResult {
    const name = this.session?.name ?? "";
    return html`<button
        type="button"
        class="quiet"
        id="account-button"
        popovertarget="account-menu"
        aria-label=${t("menu.account", { name })}
      >
        ${icon("person")}<span>${name}</span>${icon("down")}
      </button>
      <div class="menu" id="account-menu" popover @beforetoggle=${placeUnder("account-button")}>
        <strong>${name}</strong>
        <div class="muted">${this.session?.login} ・ ${t(`role.${this.session?.role ?? "user"}`)}</div>
        ${this.choices("language", t("menu.language"), LANGUAGES.map((one) => [one.code, one.name]), locale(), (code) => {
          this.language(code as Locale);
        })}
        ${this.choices("theme", t("menu.theme"), THEMES.map((theme) => [theme, t(`menu.theme.${theme}`)]), this.theme, (theme) => {
          this.choose(theme as Theme);
        })}
        <hr />
        <button type="button" class="wide" @click=${() => this.tell("log-out")}>${t("menu.logout")}</button>
      </div>`;
  }

  private choices(
    name: string,
    label: string,
    all: (readonly [string, string])[],
    chosen: string,
    act: (code: string) => void,
  ): TemplateResult {
    return html`<fieldset>
      <legend>${label}</legend>
      <div class="choices">
        ${all.map(
          ([code, text]) =>
            html`<label
              ><input
                type="radio"
                name="menu-${name}"
                .value=${code}
                .checked=${code === chosen}
                @change=${() => act(code)}
              />${text}</label
            >`,
        )}
      </div>
    </fieldset>`;
  }
}
