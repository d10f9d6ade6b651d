/** One own status: its names, look and meaning, with a preview of how the board shows it. */
import { html, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { addStatus, changeStatus, COLORS, SWITCH_STATUSES, type StatusRow } from "../api/statuses";
import { announce } from "../shell/notices";
import { fieldsOf, problemBox } from "../shell/parts";
import { locale, t } from "../text/text";
import { problemText, type ProblemText } from "../text/wording";
import { shape, SHAPES } from "../view/shapes";
import { WindowElement } from "../windows/window-element";

@customElement("status-form-window")
export class StatusFormWindow extends WindowElement {
  /** the status to change; null for a new one */
  @property({ attribute: false }) row: StatusRow | null = null;
  @state() private color = "teal";
  @state() private shape = "star";
  @state() private nameJa = "";
  @state() private nameEn = "";
  @state() private pending = false;
  @state() private problem: ProblemText | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    if (!this.row) return;
    this.color = this.row.color;
    this.shape = this.row.shape;
    this.nameJa = this.row.name_ja ?? "";
    this.nameEn = this.row.name_en ?? "";
  }

  private async submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const text = fieldsOf(event.target as HTMLFormElement);
    const limit = text("limit_min").trim();
    const wish = {
      name_ja: this.nameJa.trim(),
      name_en: this.nameEn.trim(),
      color: this.color,
      shape: this.shape,
      switch_status: text("switch_status"),
      agents_may_choose: text("agents_may_choose") === "on",
      limit_min: limit ? Number(limit) : null,
    };
    this.pending = true;
    this.problem = null;
    try {
      if (this.row) await changeStatus(this.row.code, wish);
      else await addStatus({ ...wish, code: text("code").trim() });
      this.close();
      announce(t("statuses.saved", { name: locale() === "ja" ? wish.name_ja : wish.name_en }));
      this.tell("status-saved");
    } catch (error) {
      this.problem = problemText(error);
    } finally {
      this.pending = false;
    }
  }

  protected override render(): TemplateResult {
    return this.frame(
      t(this.row ? "statuses.change" : "statuses.add"),
      html`<form @submit=${this.submit} autocomplete="off">
        ${problemBox(this.problem)} ${this.preview()} ${this.names()} ${this.look()} ${this.meaning()}
        <footer>
          <button type="button" @click=${this.close}>${t("cancel")}</button>
          <button class="primary" ?disabled=${this.pending}>${t("save")}</button>
        </footer>
      </form>`,
    );
  }

  private preview(): TemplateResult {
    const name = (locale() === "ja" ? this.nameJa : this.nameEn) || t("statuses.unnamed");
    return html`<p class="preview" data-color=${this.color}>
      <span class="muted">${t("statuses.preview")}</span>
      <span class="status sample">${shape(this.shape)}<span class="text">${name}</span></span>
    </p>`;
  }

  private names(): TemplateResult {
    const field = (id: "ja" | "en", value: string, set: (text: string) => void): TemplateResult =>
      html`<div class="field">
        <label for="status-name-${id}">${t(`statuses.name.${id}`)}</label>
        <input
          id="status-name-${id}"
          name="name_${id}"
          type="text"
          lang=${id}
          maxlength="40"
          required
          ?data-first=${id === "ja"}
          .value=${value}
          @input=${(event: Event) => set((event.target as HTMLInputElement).value)}
        />
      </div>`;
    return html`${field("ja", this.nameJa, (text) => {
        this.nameJa = text;
      })}
      ${field("en", this.nameEn, (text) => {
        this.nameEn = text;
      })}
      ${this.row
        ? ""
        : html`<div class="field">
            <label for="status-code">${t("statuses.code")}</label>
            <input
              id="status-code"
              name="code"
              type="text"
              pattern="[a-z][a-z0-9_]{0,39}"
              maxlength="40"
              spellcheck="false"
              autocapitalize="none"
              aria-describedby="status-code-hint"
              required
            />
            <p class="hint" id="status-code-hint">${t("statuses.code.hint")}</p>
          </div>`}`;
  }

  private look(): TemplateResult {
    const choices = (name: "color" | "shape", all: readonly string[], now: string, set: (one: string) => void): TemplateResult =>
      html`<fieldset>
        <legend class="label">${t(`statuses.${name}`)}</legend>
        <div class="swatches" data-color=${this.color}>
          ${all.map(
            (one) =>
              html`<label data-color=${name === "color" ? one : this.color} title=${name === "color" ? t(`color.${one as "red"}`) : one}
                ><input type="radio" class="vh" name=${name} .value=${one} .checked=${one === now} @change=${() => set(one)} />${shape(
                  name === "color" ? "circle" : one,
                )}<span class="vh">${name === "color" ? t(`color.${one as "red"}`) : one}</span></label
              >`,
          )}
        </div>
      </fieldset>`;
    return html`${choices("color", COLORS, this.color, (one) => {
      this.color = one;
    })}
    ${choices("shape", SHAPES, this.shape, (one) => {
      this.shape = one;
    })}`;
  }

  private meaning(): TemplateResult {
    const row = this.row;
    return html`<div class="field">
        <label for="status-switch">${t("statuses.switch")}</label>
        <select id="status-switch" name="switch_status" aria-describedby="status-switch-hint">
          ${SWITCH_STATUSES.map((one) => html`<option .selected=${one === (row?.switch_status ?? "On Break")}>${one}</option>`)}
        </select>
        <p class="hint" id="status-switch-hint">${t("statuses.switch.hint")}</p>
      </div>
      <label class="check"
        ><input type="checkbox" name="agents_may_choose" .checked=${row?.agents_may_choose ?? true} />${t("statuses.agents.choose")}</label
      >
      <div class="field">
        <label for="status-limit">${t("statuses.limit.field")}</label>
        <input
          id="status-limit"
          name="limit_min"
          type="number"
          min="1"
          max="1440"
          aria-describedby="status-limit-hint"
          .value=${row?.limit_min ? String(row.limit_min) : ""}
        />
        <p class="hint" id="status-limit-hint">${t("statuses.limit.hint")}</p>
      </div>`;
  }
}
