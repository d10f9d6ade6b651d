/** The centre's own numbers and which outside numbers may be rung: administrators narrow the server's list here. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { changeSite, readSite, type Site } from "../api/statuses";
import { LightElement } from "../shell/light-element";
import { announce } from "../shell/notices";
import { fieldsOf, problemBox } from "../shell/parts";
import { t } from "../text/text";
import { problemText, type ProblemText } from "../text/wording";

@customElement("outside-card")
export class OutsideCard extends LightElement {
  @state() private site: Site | null = null;
  @state() private pending = false;
  @state() private problem: ProblemText | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.order(readSite);
  }

  private async order(act: () => Promise<Site>, done = ""): Promise<void> {
    this.pending = true;
    this.problem = null;
    try {
      this.site = await act();
      if (done) announce(done);
    } catch (error) {
      this.problem = problemText(error);
    } finally {
      this.pending = false;
    }
  }

  private submit(event: SubmitEvent): void {
    event.preventDefault();
    const text = fieldsOf(event.target as HTMLFormElement);
    const own_numbers = text("own_numbers").split("\n").map((line) => line.trim()).filter(Boolean);
    const wish = { centre_number: text("centre_number").trim(), own_numbers, outside_allow: text("outside_allow").trim() };
    void this.order(() => changeSite(wish), t("site.saved"));
  }

  protected override render(): TemplateResult {
    const { site } = this;
    return html`<section class="card part" aria-labelledby="outside-title">
      <h2 id="outside-title">${t("site.outside")}</h2>
      ${problemBox(this.problem)}
      ${site
        ? html`<form @submit=${this.submit}>
            ${this.field("centre_number", html`<input id="centre_number" name="centre_number" type="tel" autocomplete="off" maxlength="40"
              aria-describedby="centre_number-hint" .value=${site.centre_number} ?disabled=${this.pending} />`)}
            ${this.field("own_numbers", html`<textarea id="own_numbers" name="own_numbers" rows="3" spellcheck="false" maxlength="8000"
              aria-describedby="own_numbers-hint" .value=${site.own_numbers.join("\n")} ?disabled=${this.pending}></textarea>`)}
            ${this.field("outside_allow", html`<input id="outside_allow" name="outside_allow" type="text" spellcheck="false" maxlength="2000"
              aria-describedby="outside_allow-hint" .value=${site.outside_allow} ?disabled=${this.pending} />`)}
            <button class="primary" ?disabled=${this.pending}>${t("save")}</button>
          </form>`
        : nothing}
    </section>`;
  }

  private field(name: "centre_number" | "own_numbers" | "outside_allow", input: TemplateResult): TemplateResult {
    return html`<div class="field">
      <label for=${name}>${t(`site.${name}`)}</label>
      ${input}
      <p class="muted" id="${name}-hint">${t(`site.${name}.hint`)}</p>
    </div>`;
  }
}
