/** The audit log: filters in the address bar, rows newest first, the same rows as CSV. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { auditCsv, OUTCOMES, readAudit, type AuditFilters, type AuditRow } from "../api/audit";
import { LightElement } from "../shell/light-element";
import { fieldsOf, problemBox } from "../shell/parts";
import { goTo } from "../shell/pages";
import { dateTime } from "../text/duration";
import { codes, locale, maybe, t } from "../text/text";
import { auditCauseText, problemText, type ProblemText } from "../text/wording";
import { shape } from "../view/shapes";
import { localTime, readFilters, writeFilters } from "../view/filters";

const TEXTS = ["login", "command", "agent", "queue", "outcome"] as const;

const LOOKS: Record<AuditRow["outcome"], { shape: string; color: string }> = {
  asked: { shape: "ring", color: "grey" },
  confirmed: { shape: "circle", color: "green" },
  failed: { shape: "cross", color: "red" },
  unconfirmed: { shape: "triangle", color: "amber" },
};

@customElement("audit-page")
export class AuditPage extends LightElement {
  @state() private filters: AuditFilters = {};
  @state() private rows: AuditRow[] = [];
  @state() private next: string | null = null;
  @state() private loaded = false;
  @state() private problem: ProblemText | null = null;
  /** a number for each question, so that a late answer to an old one is not shown */
  private turn = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    const moved = (): void => {
      const values = new URLSearchParams(window.location.search);
      this.filters = readFilters(TEXTS, (name) => values.get(name) ?? "");
      void this.load(null);
    };
    moved();
    window.addEventListener("popstate", moved);
    this.whileConnected(() => {
      window.removeEventListener("popstate", moved);
    });
  }

  private async load(cursor: string | null): Promise<void> {
    const turn = ++this.turn;
    try {
      const page = await readAudit(this.filters, cursor);
      if (turn !== this.turn) return;
      this.rows = cursor === null ? page.audit : [...this.rows, ...page.audit];
      this.next = page.next;
      this.problem = null;
      this.loaded = true;
    } catch (error) {
      if (turn === this.turn) this.problem = problemText(error);
    }
  }

  private submit(event: SubmitEvent): void {
    event.preventDefault();
    goTo("/audit" + writeFilters(TEXTS, readFilters(TEXTS, fieldsOf(event.target as HTMLFormElement))));
  }

  protected override render(): TemplateResult {
    return html`<div class="page wide-page">
      <header>
        <h1>${t("nav.audit")}</h1>
        <a class="button" href=${auditCsv(this.filters)} download>${t("audit.csv")}</a>
      </header>
      ${this.form()} ${problemBox(this.problem)}
      ${this.loaded ? this.table() : html`<p class="loading" role="status">${t("loading")}</p>`}
      ${this.next === null
        ? nothing
        : html`<button type="button" @click=${() => void this.load(this.next)}>${t("audit.more")}</button>`}
    </div>`;
  }

  private form(): TemplateResult {
    const { since, before, login = "", agent = "", queue = "", command = "", outcome = "" } = this.filters;
    const time = (name: "since" | "before", at: number | undefined): TemplateResult =>
      html`<div class="field">
        <label for="audit-${name}">${t(`audit.${name}`)}</label>
        <input id="audit-${name}" name=${name} type="datetime-local" .value=${at === undefined ? "" : localTime(at)} />
      </div>`;
    const text = (name: "login" | "agent" | "queue", value: string): TemplateResult =>
      html`<div class="field">
        <label for="audit-${name}">${t(`audit.${name}`)}</label>
        <input id="audit-${name}" name=${name} type="text" spellcheck="false" maxlength="128" .value=${value} />
      </div>`;
    const choice = (name: "command" | "outcome", all: readonly string[], value: string): TemplateResult =>
      html`<div class="field">
        <label for="audit-${name}">${t(`audit.${name}`)}</label>
        <select id="audit-${name}" name=${name}>
          <option value="" .selected=${value === ""}>${t("audit.any")}</option>
          ${[...new Set([...all, ...(value ? [value] : [])])].map(
            (one) => html`<option value=${one} .selected=${one === value}>${maybe(name, one, one)}</option>`,
          )}
        </select>
      </div>`;
    return html`<form class="card part filters" aria-label=${t("audit.filter")} @submit=${this.submit}>
      ${time("since", since)} ${time("before", before)} ${text("login", login)} ${choice("command", codes("command"), command)}
      ${text("agent", agent)} ${text("queue", queue)} ${choice("outcome", OUTCOMES, outcome)}
      <div class="buttons">
        <button class="primary">${t("audit.apply")}</button>
        <button type="button" @click=${() => goTo("/audit")}>${t("audit.clear")}</button>
      </div>
    </form>`;
  }

  private table(): TemplateResult {
    if (!this.rows.length) return html`<p class="muted" role="status">${t("audit.empty")}</p>`;
    return html`<p class="muted" role="status">${t("audit.count", { n: this.rows.length })} ・ ${t("audit.zone")}</p>
      <div class="card list" role="group" aria-label=${t("nav.audit")} tabindex="0">
        <table>
          <thead>
            <tr>
              <th scope="col">#</th>
              <th scope="col">${t("audit.at")}</th>
              <th scope="col">${t("audit.who")}</th>
              <th scope="col">${t("audit.command")}</th>
              <th scope="col">${t("audit.target")}</th>
              <th scope="col">${t("audit.details")}</th>
              <th scope="col">${t("audit.outcome")}</th>
              <th scope="col">${t("audit.from")}</th>
            </tr>
          </thead>
          <tbody>
            ${repeat(
              this.rows,
              (row) => row.id,
              (row) => this.row(row),
            )}
          </tbody>
        </table>
      </div>`;
  }

  private row(row: AuditRow): TemplateResult {
    const look = LOOKS[row.outcome];
    return html`<tr>
      <td class="num">${row.id}</td>
      <td class="nowrap">${dateTime(row.at, locale())}</td>
      <td class="nowrap">${whoText(row)}</td>
      <td class="nowrap">${maybe("command", row.command, row.command)}</td>
      <td>${[row.agent, row.queue].filter(Boolean).join(" ・ ")}</td>
      <td class="args">${argsText(row.args)}</td>
      <td>
        <span class="outcome" data-color=${look.color}>${shape(look.shape)}${t(`outcome.${row.outcome}`)}</span>
        ${row.cause ? html`<span class="muted">${auditCauseText(row.cause)}</span>` : nothing}
        ${row.refers_to === null ? nothing : html`<span class="muted">${t("audit.refers", { n: row.refers_to })}</span>`}
      </td>
      <td>${row.address}</td>
    </tr>`;
  }
}

function whoText(row: AuditRow): string {
  if (row.who === "system") return t("audit.who.system");
  if (row.who === "token") return `${row.login} ・ ${t("audit.who.token", { name: row.token })}`;
  return row.who === "dial" ? `${row.login} ・ ${t("audit.who.dial")}` : row.login;
}

/** Arguments in short: `status: away, reason: …`. */
export function argsText(args: Record<string, unknown>): string {
  return Object.entries(args)
    .filter(([, value]) => value !== null && value !== "" && !(Array.isArray(value) && !value.length))
    .map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(", ");
}
