/** A dial ID with its new dial password, as it is shown this once. */
import { html, type TemplateResult } from "lit";
import type { DialLogin } from "../api/dial";
import { t } from "../text/text";

export function dialSecret(made: DialLogin): TemplateResult {
  return html`<div class="note" role="group" aria-label=${t("dial.password.new")} tabindex="-1" data-first>
    <dl class="pairs">
      <dt>${t("dial.id")}</dt>
      <dd><code class="secret">${made.dial_id}</code></dd>
      <dt>${t("dial.password.new")}</dt>
      <dd><code class="secret" data-dial-password>${made.dial_password}</code></dd>
    </dl>
    <p>${t("dial.password.once")}</p>
  </div>`;
}
