/** Changing an agent's call priority in a queue: 1 to 15, a larger number is rung later. Says first what it would change. */
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { Verdict } from "../api/board";
import { setPriority, type PriorityReply } from "../api/commands";
import { readForecast, type Forecast } from "../api/queues";
import { board, clock } from "../live/live";
import { queueLabel } from "../monitor/queues";
import { announce, complain } from "../shell/notices";
import { problemBox } from "../shell/parts";
import { t } from "../text/text";
import { problemText, reasonText, type ProblemText } from "../text/wording";
import { undoOf } from "../view/undoing";
import { nextAt, timeOf } from "../view/wall-clock";
import { AgentWindow } from "./agent-window";
import { forecastView } from "./forecast-view";

const PRIORITIES = Array.from({ length: 15 }, (_, i) => i + 1);
/** Whoever walks through the list with the keyboard is not asked about at every step, ms. */
const PAUSE_MS = 200;
/** The floor changes while the window is open, ms. */
const AGAIN_MS = 5000;
/** A time-boxed change begins with this span, s. */
const SPAN_S = 3600;

@customElement("priority-window")
export class PriorityWindow extends AgentWindow {
  /** the number that was picked by hand; until then the window shows the agent's own, whatever becomes of it */
  @state() private picked: number | null = null;
  @state() private boxed = false;
  @state() private until = "";
  @state() private pending = false;
  @state() private problem: ProblemText | null = null;
  @state() private forecast: Forecast | null = null;
  @state() private unforeseen: ProblemText | null = null;
  private turn = 0;
  private timer: number | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.until = timeOf(clock.now() + SPAN_S);
    this.whileConnected(() => {
      if (this.timer !== null) window.clearTimeout(this.timer);
      this.turn++;
    });
    void this.foresee();
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has("picked" as never) && changed.get("picked" as never) !== undefined) this.foreseeIn(PAUSE_MS);
  }

  private foreseeIn(ms: number): void {
    if (this.timer !== null) window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      this.timer = null;
      void this.foresee();
    }, ms);
  }

  private async foresee(): Promise<void> {
    const { queue } = this;
    const chosen = this.chosen();
    if (queue === null) return;
    const turn = ++this.turn;
    try {
      const valid = chosen !== null && PRIORITIES.includes(chosen) && chosen !== this.present() ? chosen : null;
      const found = await readForecast(queue, this.agent, valid);
      if (turn !== this.turn) return;
      this.forecast = found;
      this.unforeseen = null;
    } catch (error) {
      if (turn !== this.turn) return;
      this.forecast = null;
      this.unforeseen = problemText(error);
    }
    // Another number that was chosen in the meantime is asked about sooner.
    if (this.timer === null) this.foreseeIn(AGAIN_MS);
  }

  /** The priority now in this window's queue, which need not be the selected one. */
  private present(): number | null {
    return board.agents.get(this.agent)?.priorities?.[this.queue ?? ""] ?? null;
  }

  private chosen(): number | null {
    return this.picked ?? this.present();
  }

  /** Where another queue is selected, or none, the right on this one counts; the server decides anyway. */
  private verdict(): Verdict {
    if (board.queue === this.queue) return this.row?.may.change_priority ?? { ok: false, reason: null };
    const right = board.queues.get(this.queue ?? "")?.right;
    return { ok: right === "edit" || right === "all", reason: null };
  }

  private async submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const { queue } = this;
    const chosen = this.chosen();
    if (chosen === null || queue === null || this.pending) return;
    const until = this.boxed ? nextAt(this.until, clock.now()) : null;
    if (this.boxed && until === null) {
      this.problem = { title: t("window.priority.until.wrong"), detail: "" };
      return;
    }
    this.pending = true;
    this.problem = null;
    try {
      const reply = await setPriority(queue, this.agent, { priority: chosen, until, then: null });
      this.close();
      this.announceDone(reply);
    } catch (error) {
      this.problem = this.wentWrong(error);
    } finally {
      this.pending = false;
    }
  }

  private announceDone(reply: PriorityReply): void {
    const name = this.name();
    const { agent, queue, priority, until } = reply;
    const text =
      until === null
        ? t("window.priority.done", { name, priority })
        : t("window.priority.done.until", { name, priority, time: timeOf(until) });
    if (undoOf(reply, clock.now()) === null) {
      announce(text);
      return;
    }
    const undo = async (): Promise<void> => {
      const wish = undoOf(reply, clock.now());
      if (!wish) return;
      try {
        await setPriority(queue, agent, wish);
        const end = wish.until === null ? "" : timeOf(wish.until);
        const { priority } = wish;
        announce(t(end ? "window.priority.done.until" : "window.priority.undone", { name, priority, time: end }));
      } catch (error) {
        complain(error);
      }
    };
    announce(text, { label: t("undo"), act: () => void undo() });
  }

  protected override render(): TemplateResult {
    const verdict = this.verdict();
    const why = verdict.ok || this.problem ? null : { title: reasonText(verdict), detail: "" };
    const chosen = this.chosen();
    const valid = chosen !== null && PRIORITIES.includes(chosen);
    return this.frame(
      t("window.priority"),
      html`<form @submit=${this.submit}>
        <p class="subject">${t("window.priority.agent", { name: this.name(), queue: queueLabel(this.queue) })}</p>
        ${problemBox(this.problem)} ${problemBox(why)} ${this.list(valid)} ${this.outlook()} ${this.span()}
        <footer>
          <span role="status" class=${this.pending ? "busy" : ""}>${this.pending ? t("window.status.pending") : ""}</span>
          <button type="button" @click=${this.close}>${t("cancel")}</button>
          <button class="primary" ?disabled=${this.pending || !verdict.ok || !valid}>${t("change")}</button>
        </footer>
      </form>`,
    );
  }

  private list(valid: boolean): TemplateResult {
    const priority = this.present();
    const chosen = this.chosen();
    const outside = priority !== null && !PRIORITIES.includes(priority) ? priority : null;
    return html`<div class="field">
      <label for="priority">${t("window.priority.list")}</label>
      <select
        id="priority"
        data-first
        aria-describedby="priority-hint"
        ?disabled=${this.pending}
        @change=${(event: Event) => {
          this.picked = Number((event.target as HTMLSelectElement).value) || null;
        }}
      >
        ${valid
          ? nothing
          : html`<option value="" .selected=${true}>${outside === null ? t("none") : t("window.priority.outside", { n: outside })}</option>`}
        ${PRIORITIES.map((n) => html`<option value=${n} .selected=${n === chosen}>${n}</option>`)}
      </select>
      <p class="hint" id="priority-hint">${t("window.priority.hint")}</p>
    </div>`;
  }

  private outlook(): TemplateResult {
    return html`<section class="outlook" aria-labelledby="forecast-title" aria-live="polite">
      <h3 id="forecast-title">${t("forecast")}</h3>
      ${this.forecast
        ? forecastView(this.forecast, this.agent)
        : html`<p class="muted">${this.unforeseen ? t("forecast.unknown", { why: this.unforeseen.title }) : t("loading")}</p>`}
    </section>`;
  }

  private span(): TemplateResult {
    return html`<div class="boxed">
      <label class="check"
        ><input
          type="checkbox"
          .checked=${this.boxed}
          ?disabled=${this.pending}
          @change=${(event: Event) => {
            this.boxed = (event.target as HTMLInputElement).checked;
          }}
        />${t("window.priority.boxed")}</label
      >
      ${this.boxed
        ? html`<span
            ><label for="priority-until">${t("window.priority.until")}</label
            ><input
              id="priority-until"
              type="time"
              required
              ?disabled=${this.pending}
              .value=${this.until}
              @input=${(event: Event) => {
                this.until = (event.target as HTMLInputElement).value;
              }}
          /></span>`
        : nothing}
    </div>`;
  }
}
