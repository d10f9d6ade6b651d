/** Numbers of the site's own that do something when they are called from outside. Each change is carried out at once. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { changeDialNumbers, OUTSIDE_FUNCTIONS, readDialNumbers, type DialNumber, type OutsideFunction } from "../api/dial";
import { LightElement } from "../shell/light-element";
import { announce } from "../shell/notices";
import { fieldsOf, problemBox } from "../shell/parts";
import { t } from "../text/text";
import { problemText, type ProblemText } from "../text/wording";

@customElement("dial-numbers-card")
export class DialNumbersCard extends LightElement {
  @state() private numbers: DialNumber[] | null = null;
  @state() private pending = false;
  @state() private problem: ProblemText | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.order(readDialNumbers, "");
  }

  /** Whether it was done. */
  private async order(act: () => Promise<{ numbers: DialNumber[] }>, done: string): Promise<boolean> {
    this.pending = true;
    this.problem = null;
    try {
      this.numbers = (await act()).numbers;
      if (done) announce(done);
      return true;
    } catch (error) {
      this.problem = problemText(error);
      return false;
    } finally {
      this.pending = false;
    }
  }

  private put(numbers: readonly DialNumber[]): Promise<boolean> {
    return this.order(() => changeDialNumbers(numbers), t("dial.numbers.saved"));
  }

  private async add(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const text = fieldsOf(form);
    const made: DialNumber = { number: text("number").trim(), function: text("function") as OutsideFunction };
    if (await this.put([...(this.numbers ?? []), made])) form.reset();
  }

  private async drop(number: string): Promise<void> {
    await this.put((this.numbers ?? []).filter((one) => one.number !== number));
    this.querySelector<HTMLElement>("#dial-outside-number")?.focus();
  }

  private change(number: string, wanted: OutsideFunction): Promise<boolean> {
    return this.put((this.numbers ?? []).map((one) => (one.number === number ? { ...one, function: wanted } : one)));
  }

  protected override render(): TemplateResult {
    return html`<section class="card part" aria-labelledby="dial-numbers-title">
      <h2 id="dial-numbers-title">${t("dial.numbers")}</h2>
      <p class="muted">${t("dial.numbers.hint")}</p>
      ${problemBox(this.problem)} ${this.numbers?.length ? this.table(this.numbers) : nothing}
      ${this.numbers?.length === 0 ? html`<p class="muted">${t("dial.numbers.none")}</p>` : nothing}
      <form class="inline" @submit=${this.add} autocomplete="off">
        <div class="field">
          <label for="dial-outside-number">${t("dial.numbers.number")}</label>
          <input id="dial-outside-number" name="number" type="tel" maxlength="40" required />
        </div>
        <div class="field">
          <label for="dial-outside-function">${t("dial.function")}</label>
          <select id="dial-outside-function" name="function">
            ${options(null)}
          </select>
        </div>
        <button ?disabled=${this.pending}>${t("dial.numbers.add")}</button>
      </form>
    </section>`;
  }

  private table(numbers: readonly DialNumber[]): TemplateResult {
    return html`<table class="plain">
      <thead>
        <tr>
          <th scope="col">${t("dial.number")}</th>
          <th scope="col">${t("dial.function")}</th>
          <th scope="col"><span class="vh">${t("dial.drop")}</span></th>
        </tr>
      </thead>
      <tbody>
        ${repeat(
          numbers,
          (one) => one.number,
          (one) => html`<tr>
            <th scope="row">${one.number}</th>
            <td>
              <select
                aria-label="${t("dial.function")}: ${one.number}"
                ?disabled=${this.pending}
                @change=${(event: Event) => void this.change(one.number, (event.target as HTMLSelectElement).value as OutsideFunction)}
              >
                ${options(one.function)}
              </select>
            </td>
            <td class="nowrap">
              <button type="button" aria-label="${t("dial.drop")}: ${one.number}" @click=${() => void this.drop(one.number)}>
                ${t("dial.drop")}
              </button>
            </td>
          </tr>`,
        )}
      </tbody>
    </table>`;
  }
}

function options(now: OutsideFunction | null): TemplateResult[] {
  return OUTSIDE_FUNCTIONS.map((one) => html`<option value=${one} .selected=${one === now}>${t(`dial.function.${one}`)}</option>`);
}
