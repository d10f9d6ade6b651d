/** Periods of agents' statuses: filters in the address bar, newest first, the same rows as CSV. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { activityCsv, readActivity, type ActivityFilters, type ActivityRow } from "../api/activity";
import type { Session } from "../api/session";
import { floorNames, NO_NAMES, type FloorNames } from "../people/floor-names";
import { LightElement } from "../shell/light-element";
import { goTo } from "../shell/pages";
import { fieldsOf, problemBox } from "../shell/parts";
import { locale, t } from "../text/text";
import { problemText, statusText, type ProblemText } from "../text/wording";
import { localTime, readFilters, writeFilters } from "../view/filters";
import { KNOWN_CODES } from "../view/status";
import { activityTable } from "./activity-table";

const TEXTS = ["agent", "queue", "code", "terminal"] as const;

@customElement("activity-page")
export class ActivityPage extends LightElement {
  @property({ attribute: false }) session: Session | null = null;
  @state() private filters: ActivityFilters = {};
  @state() private rows: ActivityRow[] = [];
  @state() private next: string | null = null;
  @state() private loaded = false;
  @state() private problem: ProblemText | null = null;
  @state() private names: FloorNames = NO_NAMES;
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

  protected override firstUpdated(): void {
    // Users may not read the board: they have one agent, and need no list to choose from.
    if (this.session?.role !== "user") void this.loadNames();
  }

  private async loadNames(): Promise<void> {
    this.names = await floorNames();
  }

  private async load(cursor: string | null): Promise<void> {
    const turn = ++this.turn;
    try {
      const page = await readActivity(this.filters, cursor);
      if (turn !== this.turn) return;
      this.rows = cursor === null ? page.activity : [...this.rows, ...page.activity];
      this.next = page.next;
      this.problem = null;
      this.loaded = true;
    } catch (error) {
      if (turn === this.turn) this.problem = problemText(error);
    }
  }

  private submit(event: SubmitEvent): void {
    event.preventDefault();
    goTo("/activity" + writeFilters(TEXTS, readFilters(TEXTS, fieldsOf(event.target as HTMLFormElement))));
  }

  protected override render(): TemplateResult {
    return html`<div class="page wide-page">
      <header>
        <h1>${t("nav.activity")}</h1>
        <a class="button" href=${activityCsv(this.filters)} download>${t("audit.csv")}</a>
      </header>
      ${this.form()} ${problemBox(this.problem)}
      ${this.loaded ? this.found() : html`<p class="loading" role="status">${t("loading")}</p>`}
      ${this.next === null
        ? nothing
        : html`<button type="button" @click=${() => void this.load(this.next)}>${t("audit.more")}</button>`}
    </div>`;
  }

  private found(): TemplateResult {
    if (!this.rows.length) return html`<p class="muted" role="status">${t("activity.empty")}</p>`;
    return html`<p class="muted" role="status">${t("audit.count", { n: this.rows.length })} ・ ${t("audit.zone")}</p>
      ${activityTable(this.rows, this.names, locale())}`;
  }

  private form(): TemplateResult {
    const { since, before, agent = "", queue = "", code = "", terminal = "" } = this.filters;
    const time = (name: "since" | "before", at: number | undefined): TemplateResult =>
      html`<div class="field">
        <label for="activity-${name}">${t(`audit.${name}`)}</label>
        <input id="activity-${name}" name=${name} type="datetime-local" .value=${at === undefined ? "" : localTime(at)} />
      </div>`;
    const choice = (name: "agent" | "queue" | "code", all: readonly (readonly [string, string])[], value: string): TemplateResult => {
      const known = all.some(([id]) => id === value) || !value ? all : [...all, [value, value] as const];
      return html`<div class="field">
        <label for="activity-${name}">${t(`activity.${name}`)}</label>
        <select id="activity-${name}" name=${name}>
          <option value="" .selected=${value === ""}>${t("audit.any")}</option>
          ${known.map(([id, text]) => html`<option value=${id} .selected=${id === value}>${text}</option>`)}
        </select>
      </div>`;
    };
    const { agents, queues } = this.names;
    const user = this.session?.role === "user";
    return html`<form class="card part filters" aria-label=${t("audit.filter")} @submit=${this.submit}>
      ${time("since", since)} ${time("before", before)}
      ${user
        ? nothing
        : html`${choice("agent", agents.map((one) => [one.agent, `${one.name} (${one.agent})`] as const), agent)}
          ${choice("queue", queues.map((one) => [one.queue, one.label] as const), queue)}`}
      ${choice("code", this.codes(), code)}
      <div class="field">
        <label for="activity-terminal">${t("column.terminal")}</label>
        <input id="activity-terminal" name="terminal" type="text" spellcheck="false" maxlength="40" .value=${terminal} />
      </div>
      <div class="buttons">
        <button class="primary">${t("audit.apply")}</button>
        <button type="button" @click=${() => goTo("/activity")}>${t("audit.clear")}</button>
      </div>
    </form>`;
  }

  private codes(): (readonly [string, string])[] {
    const own = this.names.statuses.filter((one) => !KNOWN_CODES.includes(one.code));
    return [
      ...KNOWN_CODES.map((code) => [code, statusText({ code, label: code })] as const),
      ...own.map((one) => [one.code, one.label] as const),
    ];
  }
}
