/** Small pieces that several pages draw: the name of the product, a refusal, the choice of language. */
import { html, nothing, type TemplateResult } from "lit";
import { locale, t, useLocale, type Locale } from "../text/text";
import type { ProblemText } from "../text/wording";

export const LANGUAGES: readonly { code: Locale; name: string }[] = [
  { code: "ja", name: "日本語" },
  { code: "en", name: "English" },
];

export function brand(): TemplateResult {
  return html`<span class="brand">
    <svg class="mark" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path
        d="M4 3h16a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2h-7l-5 4.500V17H4a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2Zm3.200 5.800v2.400h1.800V8.800Zm3.900 0v2.400h1.800V8.800Zm3.900 0v2.400h1.800V8.800Z"
        fill-rule="evenodd"
      ></path>
    </svg>
    <span>${t("product")}</span>${locale() === "ja" ? html`<small lang="en">Sasayaki</small>` : nothing}
  </span>`;
}

/** A refusal, read out at once. */
export function problemBox(problem: ProblemText | null): TemplateResult | typeof nothing {
  if (!problem) return nothing;
  return html`<div class="problem" role="alert">
    <strong>${problem.title}</strong>${problem.detail ? html`<span>${problem.detail}</span>` : nothing}
  </div>`;
}

/** Reads the text fields of a form by name; what is missing is empty. */
export function fieldsOf(form: HTMLFormElement): (name: string) => string {
  const data = new FormData(form);
  return (name) => {
    const value = data.get(name);
    return typeof value === "string" ? value : "";
  };
}

/** For pages before the log-in; afterwards the account's language counts. */
export function languageButtons(): TemplateResult {
  return html`<div class="languages" role="group" aria-label=${t("menu.language")}>
    ${LANGUAGES.map(
      (one) =>
        html`<button
          type="button"
          class="quiet"
          lang=${one.code}
          aria-pressed=${String(locale() === one.code) as "true" | "false"}
          @click=${() => void useLocale(one.code)}
        >
          ${one.name}
        </button>`,
    )}
  </div>`;
}
