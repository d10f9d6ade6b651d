/** The centre's own numbers and which outside numbers may be rung: administrators narrow the server's list here. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { changeSite, readSite, type Site } from "../api/statuses";
import { LightElement } from "../shell/light-element";
import { announce } from "../shell/notices";
import { fieldsOf, problemBox } from "../shell/parts";
import { t } from "../text/text";
import { problemText, type ProblemText } from "../text/wording";

type FieldName = "centre_number" | "own_numbers" | "outside_allow" | "outside_caller_id" | "outside_rounds" | "outside_pause_s";

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
    const wish = { centre_number: text("centre_number").trim(), own_numbers, outside_allow: text("outside_allow").trim(), ...this.key(text) };
    void this.order(() => changeSite(wish), t("site.saved"));
  }

  protected override render(): TemplateResult {
    const { site } = this;
    return html`<section class="card part" aria-labelledby="outside-title">
      <h2 id="outside-title">${t("site.outside")}</h2>
      ${problemBox(this.problem)}
      ${site
        ? html`<form class="stack" @submit=${this.submit}>
            ${this.field("centre_number", html`<input id="centre_number" name="centre_number" type="tel" autocomplete="off" maxlength="40"
              aria-describedby="centre_number-hint" .value=${site.centre_number} ?disabled=${this.pending} />`)}
            ${this.field("own_numbers", html`<textarea id="own_numbers" name="own_numbers" rows="3" spellcheck="false" maxlength="8000"
              aria-describedby="own_numbers-hint" .value=${site.own_numbers.join("\n")} ?disabled=${this.pending}></textarea>`)}
            ${this.field("outside_allow", html`<input id="outside_allow" name="outside_allow" type="text" spellcheck="false" maxlength="2000"
              aria-describedby="outside_allow-hint" .value=${site.outside_allow} ?disabled=${this.pending} />`)}
            ${this.field("outside_caller_id", html`<select id="outside_caller_id" name="outside_caller_id"
              aria-describedby="outside_caller_id-hint" ?disabled=${this.pending}>
              ${(["caller", "queue", "centre"] as const).map(
                (one) => html`<option value=${one} .selected=${site.outside_caller_id === one}>${t(`site.outside_caller_id.${one}`)}</option>`,
              )}
            </select>`)}
            ${this.field("outside_rounds", html`<input id="outside_rounds" name="outside_rounds" type="number" min="1" max="5" required
              aria-describedby="outside_rounds-hint" .value=${String(site.outside_rounds)} ?disabled=${this.pending} />`)}
            ${this.field("outside_pause_s", html`<input id="outside_pause_s" name="outside_pause_s" type="number" min="1" max="10" required
              aria-describedby="outside_pause_s-hint" .value=${String(site.outside_pause_s)} ?disabled=${this.pending} />`)}
            <button class="primary" ?disabled=${this.pending}>${t("save")}</button>
          </form>`
        : nothing}
    </section>`;
  }

  /** How an outside phone rings and asks for its key. */
  private key(text: (name: string) => string): Pick<Site, "outside_caller_id" | "outside_rounds" | "outside_pause_s"> {
    return {
      outside_caller_id: text("outside_caller_id") as Site["outside_caller_id"],
      outside_rounds: Number(text("outside_rounds")),
      outside_pause_s: Number(text("outside_pause_s")),
    };
  }

  private field(name: FieldName, input: TemplateResult): TemplateResult {
    return html`<div class="field">
      <label for=${name}>${t(`site.${name}`)}</label>
      ${input}
      <p class="muted" id="${name}-hint">${t(`site.${name}.hint`)}</p>
    </div>`;
  }
}
