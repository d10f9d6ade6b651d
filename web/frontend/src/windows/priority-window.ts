/** Changing an agent's call priority in the selected queue: 1 to 15, a larger number is rung later. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { setPriority } from "../api/commands";
import { board } from "../live/live";
import { queueLabel } from "../monitor/queues";
import { announce } from "../shell/notices";
import { problemBox } from "../shell/parts";
import { t } from "../text/text";
import { problemText, reasonText, type ProblemText } from "../text/wording";
import { AgentWindow } from "./agent-window";

const PRIORITIES = Array.from({ length: 15 }, (_, i) => i + 1);

@customElement("priority-window")
export class PriorityWindow extends AgentWindow {
  @state() private chosen: number | null = null;
  @state() private pending = false;
  @state() private problem: ProblemText | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.chosen = board.agents.get(this.agent)?.priority ?? null;
  }

  private async submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const { chosen, queue } = this;
    if (chosen === null || queue === null || this.pending) return;
    this.pending = true;
    this.problem = null;
    try {
      await setPriority(queue, this.agent, chosen);
      this.close();
      announce(t("window.priority.done", { name: this.name(), priority: chosen }));
    } catch (error) {
      this.problem = problemText(error);
    } finally {
      this.pending = false;
    }
  }

  protected override render(): TemplateResult {
    const verdict = this.row?.may.change_priority ?? { ok: false, reason: null };
    const why = verdict.ok || this.problem ? null : { title: reasonText(verdict), detail: "" };
    const priority = this.row?.priority ?? null;
    const outside = priority !== null && !PRIORITIES.includes(priority) ? priority : null;
    const valid = this.chosen !== null && PRIORITIES.includes(this.chosen);
    return this.frame(
      t("window.priority"),
      html`<form @submit=${this.submit}>
        <p class="subject">${t("window.priority.agent", { name: this.name(), queue: queueLabel(this.queue) })}</p>
        ${problemBox(this.problem)} ${problemBox(why)}
        <div class="field">
          <label for="priority">${t("window.priority.list")}</label>
          <select
            id="priority"
            data-first
            aria-describedby="priority-hint"
            ?disabled=${this.pending}
            @change=${(event: Event) => {
              this.chosen = Number((event.target as HTMLSelectElement).value) || null;
            }}
          >
            ${valid
              ? nothing
              : html`<option value="" .selected=${true}>
                  ${outside === null ? t("none") : t("window.priority.outside", { n: outside })}
                </option>`}
            ${PRIORITIES.map((n) => html`<option value=${n} .selected=${n === this.chosen}>${n}</option>`)}
          </select>
          <p class="hint" id="priority-hint">${t("window.priority.hint")}</p>
        </div>
        <footer>
          <span role="status" class=${this.pending ? "busy" : ""}>${this.pending ? t("window.status.pending") : ""}</span>
          <button type="button" @click=${this.close}>${t("cancel")}</button>
          <button class="primary" ?disabled=${this.pending || !verdict.ok || !valid}>${t("change")}</button>
        </footer>
      </form>`,
    );
  }
}
