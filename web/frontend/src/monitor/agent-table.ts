/** The agents as a table; only the rows in sight are in the page. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { board } from "../live/live";
import { t } from "../text/text";
import { COLUMNS, type Column } from "../view/columns";
import { icon } from "../view/shapes";
import { AgentList } from "./agent-list";
import { alarmsOf, cell } from "./row";
import { gapHeight } from "../view/gap-height";

type Item = { key: string; index: number } | { key: string; gap: number };

@customElement("agent-table")
export class AgentTable extends AgentList {
  protected scroller(): HTMLElement | null {
    return this.querySelector(".table-view");
  }

  protected list(): HTMLElement | null {
    return this.querySelector("tbody");
  }

  protected covered(): number {
    return this.querySelector("thead")?.getBoundingClientRect().height ?? 0;
  }

  private items(): Item[] {
    return this.pieces().flatMap((piece, at): Item[] => {
      if ("gap" in piece) return [{ key: `gap ${at}`, gap: piece.gap }];
      const { start, end } = piece.rows;
      return Array.from({ length: end - start }, (_, i) => ({ key: this.order[start + i] ?? "", index: start + i }));
    });
  }

  protected override render(): TemplateResult {
    const columns = COLUMNS.filter((column) => this.view.columns.includes(column.id));
    return html`<div class="table-view" role="group" aria-labelledby="panel-title" tabindex="0" @scroll=${this.window.look}>
      <table aria-rowcount=${this.order.length + 1} aria-describedby="table-keys">
        <thead>
          <tr aria-rowindex="1">
            ${columns.map((column) => this.head(column))}
          </tr>
        </thead>
        <tbody
          aria-busy=${board.loaded ? nothing : "true"}
          @click=${this.clicked}
          @pointermove=${() => this.tell("rows-touched")}
          @pointerleave=${() => this.tell("rows-left")}
        >
          ${repeat(
            this.items(),
            (item) => item.key,
            (item) =>
              "gap" in item
                ? html`<tr class="gap" aria-hidden="true"><td colspan=${columns.length} ${gapHeight(item.gap * this.rowHeight)}></td></tr>`
                : this.row(item.index, columns),
          )}
        </tbody>
      </table>
      <p class="vh" id="table-keys">${t("panel.keys")}</p>
    </div>`;
  }

  private head(column: Column): TemplateResult {
    const { sort } = this.view;
    const sorted = sort.column === column.id;
    const direction = sort.down ? "descending" : "ascending";
    return html`<th scope="col" class="c-${column.id} ${column.number ? "num" : ""}" aria-sort=${sorted ? direction : nothing}>
      <button type="button" class="quiet sort" data-tip=${t("column.sort", { column: t(column.label) })} @click=${() => this.tell("sort-by", column.id)}>
        ${t(column.label)}${sorted ? icon(sort.down ? "down" : "up") : nothing}
      </button>
    </th>`;
  }

  private row(index: number, columns: readonly Column[]): TemplateResult {
    const agent = this.agentAt(index);
    if (!agent) return html`<tr data-row aria-rowindex=${index + 2}><td colspan=${columns.length}></td></tr>`;
    const context = this.context();
    return html`<tr data-row aria-rowindex=${index + 2} class=${alarmsOf(agent).some((id) => id !== "no_answer") ? "alarmed" : ""}>
      ${columns.map((column) => {
        const content = cell(agent, column.id, context);
        return column.id === "name"
          ? html`<th scope="row" class="c-name">${content}</th>`
          : html`<td class="c-${column.id} ${column.number ? "num" : ""}">${content}</td>`;
      })}
    </tr>`;
  }
}
