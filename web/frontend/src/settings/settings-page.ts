/** What administrators set for the whole site: own statuses, what agents see, and what is dialled for what. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { changeStatus, readStatuses, retireStatus, type StatusRow } from "../api/statuses";
import { LightElement } from "../shell/light-element";
import { announce } from "../shell/notices";
import { problemBox } from "../shell/parts";
import { tabLinks, tabOf } from "../shell/tabs";
import { t } from "../text/text";
import { problemText, type ProblemText } from "../text/wording";
import { shape } from "../view/shapes";
import { nameOf } from "./status-name";
import "./dial-codes-card";
import "./dial-numbers-card";
import "./outside-card";
import "./site-card";
import "./status-form-window";

@customElement("settings-page")
export class SettingsPage extends LightElement {
  @state() private statuses: StatusRow[] | null = null;
  /** the status whose window is open; `null` in it for a new one */
  @state() private editing: { row: StatusRow | null } | null = null;
  @state() private problem: ProblemText | null = null;
  @state() private tab = tabOf(["dial"]);
  private opener: string | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    const moved = (): void => {
      this.tab = tabOf(["dial"]);
    };
    window.addEventListener("popstate", moved);
    this.whileConnected(() => {
      window.removeEventListener("popstate", moved);
    });
    void this.load();
  }

  private async load(): Promise<void> {
    try {
      this.statuses = (await readStatuses()).statuses;
      this.problem = null;
    } catch (error) {
      this.problem = problemText(error);
    }
  }

  private async order(act: () => Promise<unknown>, done: string): Promise<void> {
    try {
      await act();
      announce(done);
      await this.load();
    } catch (error) {
      this.problem = problemText(error);
    }
  }

  private edit(row: StatusRow | null): void {
    this.opener = row?.code ?? "";
    this.editing = { row };
  }

  private async closed(): Promise<void> {
    this.editing = null;
    await this.updateComplete;
    this.querySelector<HTMLElement>(`[data-opens="${this.opener ?? ""}"]`)?.focus();
  }

  protected override render(): TemplateResult {
    return html`<div class="page">
      <header><h1>${t("nav.settings")}</h1></header>
      ${tabLinks(t("nav.settings"), "/settings", this.tab, [
        ["", t("settings.tab.statuses")],
        ["dial", t("settings.tab.dial")],
      ])}
      ${this.tab === "dial"
        ? html`<div class="columns">
            <dial-codes-card></dial-codes-card>
            <div class="stack"><dial-numbers-card></dial-numbers-card><site-card .about=${"dial"}></site-card></div>
          </div>`
        : this.statusesTab()}
    </div>`;
  }

  private statusesTab(): TemplateResult {
    return html`<section class="card part" aria-labelledby="statuses-title">
        <div class="inline">
          <h2 id="statuses-title">${t("statuses")}</h2>
          <button type="button" class="primary" data-opens="" @click=${() => this.edit(null)}>${t("statuses.add")}</button>
        </div>
        <p class="muted">${t("statuses.hint")}</p>
        ${problemBox(this.problem)} ${this.statuses ? this.table(this.statuses) : nothing}
      </section>
      <site-card></site-card>
      <outside-card></outside-card>
      ${this.editing
        ? html`<status-form-window
            .row=${this.editing.row}
            @status-saved=${() => void this.load()}
            @window-closed=${this.closed}
          ></status-form-window>`
        : nothing}`;
  }

  private table(statuses: StatusRow[]): TemplateResult {
    return html`<div class="list" role="group" aria-label=${t("statuses")} tabindex="0">
      <table class="narrow-table">
        <thead>
          <tr>
            <th scope="col">${t("statuses.name")}</th>
            <th scope="col">${t("statuses.code")}</th>
            <th scope="col">${t("statuses.switch")}</th>
            <th scope="col">${t("statuses.agents")}</th>
            <th scope="col">${t("statuses.limit")}</th>
            <th scope="col"><span class="vh">${t("change")}</span></th>
          </tr>
        </thead>
        <tbody>
          ${repeat(
            statuses,
            (one) => one.code,
            (one) => this.row(one),
          )}
        </tbody>
      </table>
    </div>`;
  }

  private row(one: StatusRow): TemplateResult {
    const name = nameOf(one);
    return html`<tr class=${one.retired ? "retired" : ""}>
      <th scope="row" data-color=${one.color}>
        <span class="status plain">${shape(one.shape)}${name}</span>
        ${one.retired ? html`<span class="badge">${t("statuses.retired")}</span>` : nothing}
      </th>
      <td>${one.code}</td>
      <td>${one.switch_status}</td>
      <td>${t(one.agents_may_choose ? "yes" : "no")}</td>
      <td>${one.limit_min === null ? t("none") : t("statuses.minutes", { n: one.limit_min })}</td>
      <td class="nowrap">${one.built_in ? html`<span class="muted">${t("statuses.built_in")}</span>` : this.buttons(one, name)}</td>
    </tr>`;
  }

  private buttons(one: StatusRow, name: string): TemplateResult {
    if (one.retired) {
      return html`<button
        type="button"
        aria-label="${t("statuses.restore")}: ${name}"
        @click=${() => void this.order(() => changeStatus(one.code, { retired: false }), t("statuses.restored", { name }))}
      >
        ${t("statuses.restore")}
      </button>`;
    }
    return html`<button type="button" data-opens=${one.code} aria-label="${t("change")}: ${name}" @click=${() => this.edit(one)}>
        ${t("change")}
      </button>
      <button
        type="button"
        aria-label="${t("statuses.retire")}: ${name}"
        @click=${() => void this.order(() => retireStatus(one.code), t("statuses.retired.done", { name }))}
      >
        ${t("statuses.retire")}
      </button>`;
  }
}
