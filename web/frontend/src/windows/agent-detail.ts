/** What there is to know about one agent: status, terminal, and for each queue the first reason why the next call rings elsewhere. */
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { readAgent, type AgentDetail as Detail, type AgentQueue } from "../api/agents";
import type { Agent } from "../api/board";
import { board } from "../live/live";
import { since } from "../live/since";
import { alarms, listeners, party } from "../monitor/row";
import { LightElement } from "../shell/light-element";
import { problemBox } from "../shell/parts";
import { maybe, t } from "../text/text";
import { problemText, reasonText, rungReason, statusText, type ProblemText } from "../text/wording";
import { mayChangeLater } from "../view/action";
import { shape } from "../view/shapes";
import { timeOf } from "../view/wall-clock";
import "../calls/call-back-panel";
import type { Wish } from "./window-host";

/** What is said about the next call is asked for again so often, ms; a change of the agent's own row is followed at once. */
const AGAIN_MS = 4000;
const PAUSE_MS = 300;

@customElement("agent-detail")
export class AgentDetail extends LightElement {
  @property() agent = "";
  @state() private detail: Detail | null = null;
  @state() private problem: ProblemText | null = null;
  private turn = 0;
  private timer: number | null = null;
  private known: Agent | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.whileConnected(
      () => {
        this.turn++;
        if (this.timer !== null) window.clearTimeout(this.timer);
      },
      board.listen((parts) => {
        if (!parts.has("agents") && !parts.has("all")) return;
        const row = board.agents.get(this.agent);
        if (row === this.known) return;
        this.known = row;
        this.requestUpdate();
        this.loadIn(PAUSE_MS);
      }),
    );
    if (this.hasUpdated) void this.load();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("agent")) void this.load();
  }

  private loadIn(ms: number): void {
    if (this.timer !== null) window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.load(), ms);
  }

  private async load(): Promise<void> {
    const turn = ++this.turn;
    try {
      const found = await readAgent(this.agent);
      if (turn !== this.turn) return;
      this.detail = found;
      this.problem = null;
    } catch (error) {
      if (turn !== this.turn) return;
      this.problem = problemText(error);
    }
    this.loadIn(AGAIN_MS);
  }

  private openWindow(wish: Omit<Wish, "agent">): void {
    this.tell("open-window", { ...wish, agent: this.agent } satisfies Wish);
  }

  protected override render(): TemplateResult {
    const row = board.agents.get(this.agent) ?? this.detail?.agent;
    return html`${problemBox(this.problem)} ${row ? this.facts(row) : nothing}
    ${this.detail?.queues.length ? this.queues(this.detail.queues) : nothing}
    ${this.detail && !this.detail.queues.length && !this.problem ? html`<p class="muted">${t("detail.no_queues")}</p>` : nothing}`;
  }

  private facts(row: Agent): TemplateResult {
    const { ok } = row.may.change_status;
    const later = mayChangeLater(row);
    const able = ok || later;
    const why = able ? "" : reasonText(row.may.change_status);
    const shown = row.terminal_shown ?? row.terminal;
    const terminal = row.terminal_kind === "external" ? t("terminal.is_external", { number: shown }) : shown;
    return html`<dl class="pairs">
        <dt>${t("column.agent")}</dt>
        <dd>${row.agent}</dd>
        <dt>${t("column.status")}</dt>
        <dd data-color=${row.status.color}>
          <span class="status plain">${shape(row.status.shape)}${statusText(row.status)}</span> ${since(row.status.since)}
        </dd>
        ${row.call ? html`<dt>${t("column.with")}</dt><dd>${party(row)} ${listeners(row)}</dd>` : nothing}
        <dt>${t("column.terminal")}</dt>
        <dd>${terminal || t("none")}</dd>
        ${row.alarms.length || row.no_answer ? html`<dt>${t("column.alarms")}</dt><dd>${alarms(row)}</dd>` : nothing}
      </dl>
      <p>
        <button
          type="button"
          data-first
          aria-disabled=${able ? nothing : "true"}
          data-tip=${why || nothing}
          aria-describedby=${why ? "detail-why" : nothing}
          @click=${() => {
            if (able) this.openWindow({ control: "status", kind: "status" });
          }}
        >
          ${t(later ? "after_call.change" : "detail.change")}</button
        >${why ? html`<span class="muted" id="detail-why"> ${why}</span>` : nothing}
      </p>
      ${this.detail?.own && row.terminal_number ? html`<call-back-panel></call-back-panel>` : nothing}`;
  }

  private queues(queues: AgentQueue[]): TemplateResult {
    return html`<section aria-labelledby="detail-queues">
      <h3 id="detail-queues">${t("detail.queues")}</h3>
      <ul class="lines">
        ${queues.map((one) => this.queue(one))}
      </ul>
    </section>`;
  }

  private queue(one: AgentQueue): TemplateResult {
    const right = board.queues.get(one.queue)?.right;
    const able = right === "edit" || right === "all";
    const priority = t("detail.priority", { n: one.priority });
    const until = one.priority_until === null ? "" : t("detail.priority.until", { time: timeOf(one.priority_until) });
    return html`<li>
      <div>
        <b>${one.label}</b> <span class="muted">${priority} ${until}</span>
        <p class=${one.next ? "is-next" : ""}>${whyText(one)}${one.reason?.until ? html` (${leftText(one.reason.until)})` : nothing}</p>
      </div>
      ${able
        ? html`<button
            type="button"
            aria-label="${t("window.priority")}: ${one.label}"
            @click=${() => this.openWindow({ control: "priority", kind: "priority", queue: one.queue })}
          >
            ${t("detail.priority.change")}
          </button>`
        : nothing}
    </li>`;
  }
}

/** Whether the next call of the queue rings here, and if not, why. */
function whyText(one: AgentQueue): string {
  if (one.next) return t("detail.next");
  if (one.reason) return one.reason.text || rungReason(one.reason.id);
  return one.problem ? maybe("reason", one.problem, t("reason.other")) : "";
}

function leftText(until: number): TemplateResult {
  const [before = "", after = ""] = t("status.until").split("{time}");
  return html`${before}${since(until, true)}${after}`;
}
