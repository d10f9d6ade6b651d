/** Which columns are shown; on narrow screens also what is sorted by. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { LightElement } from "../shell/light-element";
import { placeUnder } from "../shell/place";
import { t } from "../text/text";
import { DEFAULT_VIEW, type View } from "../view/address";
import { COLUMNS, type ColumnId } from "../view/columns";
import { icon } from "../view/shapes";

@customElement("column-menu")
export class ColumnMenu extends LightElement {
  @property({ attribute: false }) view: View = DEFAULT_VIEW;
  /** cards have no headings to click: the menu sorts */
  @property({ type: Boolean }) sorting = false;

  private toggle(id: ColumnId): void {
    const chosen = this.view.columns.includes(id)
      ? this.view.columns.filter((one) => one !== id)
      : COLUMNS.map((column) => column.id).filter((one) => one === id || this.view.columns.includes(one));
    this.tell("change-view", { columns: chosen });
  }

  private reset(): void {
    const { columns, sort, statuses, search, side } = DEFAULT_VIEW;
    this.tell("change-view", { columns, sort, statuses, search, side });
  }

  protected override render(): TemplateResult {
    return html`<button type="button" class="quiet" id="columns-button" popovertarget="columns-menu">
        ${icon("columns")}${t("panel.columns")}
      </button>
      <div class="menu" id="columns-menu" popover @beforetoggle=${placeUnder("columns-button")}>
        ${this.sorting ? this.sorter() : nothing}
        <fieldset>
          <legend>${t("panel.columns")}</legend>
          <div class="choices">
            ${COLUMNS.map(
              (column) =>
                html`<label
                  ><input
                    type="checkbox"
                    .checked=${this.view.columns.includes(column.id)}
                    ?disabled=${column.fixed ?? false}
                    @change=${() => this.toggle(column.id)}
                  />${t(column.label)}</label
                >`,
            )}
          </div>
        </fieldset>
        <hr />
        <button type="button" class="wide" @click=${this.reset}>${t("panel.reset")}</button>
      </div>`;
  }

  private sorter(): TemplateResult {
    const { sort } = this.view;
    return html`<div class="field">
      <label for="sort-select">${t("panel.sort")}</label>
      <select
        id="sort-select"
        @change=${(event: Event) => {
          const [column = "name", way] = (event.target as HTMLSelectElement).value.split(" ");
          this.tell("change-view", { sort: { column: column as ColumnId, down: way === "down" } });
        }}
      >
        ${COLUMNS.flatMap((column) =>
          [false, true].map(
            (down) =>
              html`<option
                value="${column.id} ${down ? "down" : "up"}"
                .selected=${sort.column === column.id && sort.down === down}
              >
                ${t(column.label)} (${t(down ? "panel.sort.down" : "panel.sort.up")})
              </option>`,
          ),
        )}
      </select>
    </div>`;
  }
}
