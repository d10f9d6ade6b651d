/** What is dialled inside for which function; changed as a whole. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { changeDialCodes, readDialCodes, type DialCode } from "../api/dial";
import { readStatuses, type StatusRow } from "../api/statuses";
import { LightElement } from "../shell/light-element";
import { announce } from "../shell/notices";
import { fieldsOf, problemBox } from "../shell/parts";
import { t } from "../text/text";
import { problemText, type ProblemText } from "../text/wording";
import { plainNumber } from "../view/dial-number";
import { nameOf } from "./status-name";

const key = (code: DialCode): string => `${code.function}-${code.status ?? ""}`;

@customElement("dial-codes-card")
export class DialCodesCard extends LightElement {
  /** as they are on the page, saved or not */
  @state() private codes: DialCode[] | null = null;
  @state() private statuses: StatusRow[] = [];
  @state() private pending = false;
  @state() private problem: ProblemText | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.load();
  }

  private async load(): Promise<void> {
    try {
      const [codes, statuses] = await Promise.all([readDialCodes(), readStatuses()]);
      this.statuses = statuses.statuses;
      this.codes = codes.codes;
    } catch (error) {
      this.problem = problemText(error);
    }
  }

  private change(code: DialCode, part: Partial<DialCode>): void {
    this.codes = (this.codes ?? []).map((one) => (key(one) === key(code) ? { ...one, ...part } : one));
  }

  private async save(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    this.pending = true;
    this.problem = null;
    try {
      this.codes = (await changeDialCodes(this.codes ?? [])).codes;
      announce(t("dial.codes.saved"));
    } catch (error) {
      this.problem = problemText(error);
    } finally {
      this.pending = false;
    }
  }

  private async add(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const text = fieldsOf(form);
    const code: DialCode = { number: plainNumber(text("number")), function: "set_status", status: text("status"), in_use: true };
    this.codes = [...(this.codes ?? []), code];
    form.reset();
    await this.updateComplete;
    this.querySelector<HTMLElement>(`[id="dial-${key(code)}"]`)?.focus();
  }

  private drop(code: DialCode): void {
    this.codes = (this.codes ?? []).filter((one) => key(one) !== key(code));
    this.querySelector<HTMLElement>("#dial-codes-title")?.focus();
  }

  private nameOfStatus(status: string): string {
    const row = this.statuses.find((one) => one.code === status);
    return row ? nameOf(row) : status;
  }

  private words(code: DialCode): string {
    return code.status === null ? t(`dial.function.${code.function}`) : t("dial.function.to", { status: this.nameOfStatus(code.status) });
  }

  protected override render(): TemplateResult {
    return html`<section class="card part" aria-labelledby="dial-codes-title">
      <h2 id="dial-codes-title" tabindex="-1">${t("dial.codes")}</h2>
      <p class="muted" id="dial-codes-hint">${t("dial.codes.hint")}</p>
      ${problemBox(this.problem)} ${this.codes ? html`${this.table(this.codes)} ${this.adding(this.codes)}` : nothing}
    </section>`;
  }

  private table(codes: readonly DialCode[]): TemplateResult {
    return html`<form class="stack" @submit=${this.save} autocomplete="off">
      <table class="plain">
        <thead>
          <tr>
            <th scope="col">${t("dial.function")}</th>
            <th scope="col">${t("dial.number")}</th>
            <th scope="col">${t("dial.in_use")}</th>
            <th scope="col"><span class="vh">${t("dial.drop")}</span></th>
          </tr>
        </thead>
        <tbody>
          ${repeat(codes, key, (code) => this.row(code))}
        </tbody>
      </table>
      <footer>
        <span class="space"></span>
        <button class="primary" ?disabled=${this.pending}>${t("save")}</button>
      </footer>
    </form>`;
  }

  private row(code: DialCode): TemplateResult {
    const words = this.words(code);
    return html`<tr>
      <th scope="row">${words}</th>
      <td>
        <input
          id="dial-${key(code)}"
          type="text"
          inputmode="numeric"
          maxlength="4"
          required
          aria-label="${t("dial.number")}: ${words}"
          aria-describedby="dial-codes-hint"
          .value=${code.number}
          @change=${(event: Event) => this.change(code, { number: plainNumber((event.target as HTMLInputElement).value) })}
        />
      </td>
      <td>
        <input
          type="checkbox"
          aria-label="${t("dial.in_use")}: ${words}"
          .checked=${code.in_use}
          @change=${(event: Event) => this.change(code, { in_use: (event.target as HTMLInputElement).checked })}
        />
      </td>
      <td class="nowrap">
        ${code.function === "set_status"
          ? html`<button type="button" aria-label="${t("dial.drop")}: ${words}" @click=${() => this.drop(code)}>${t("dial.drop")}</button>`
          : nothing}
      </td>
    </tr>`;
  }

  private adding(codes: readonly DialCode[]): TemplateResult | typeof nothing {
    const taken = new Set(codes.map((one) => one.status));
    const free = this.statuses.filter((one) => !one.retired && !taken.has(one.code));
    if (!free.length) return nothing;
    return html`<form class="inline" @submit=${this.add} autocomplete="off">
      <div class="field">
        <label for="dial-new-status">${t("dial.direct")}</label>
        <select id="dial-new-status" name="status">
          ${free.map((one) => html`<option value=${one.code}>${nameOf(one)}</option>`)}
        </select>
      </div>
      <div class="field">
        <label for="dial-new-number">${t("dial.number")}</label>
        <input id="dial-new-number" name="number" type="text" inputmode="numeric" maxlength="4" required />
      </div>
      <button>${t("dial.direct.add")}</button>
    </form>`;
  }
}
