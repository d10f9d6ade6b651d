/** Changing an agent's status: chosen from the list, carried out by the server, believed only when FreeSWITCH has confirmed. */
import { html, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { setStatus } from "../api/commands";
import { board } from "../live/live";
import { announce } from "../shell/notices";
import { problemBox } from "../shell/parts";
import { t } from "../text/text";
import { problemText, reasonText, statusText, type ProblemText } from "../text/wording";
import { shape } from "../view/shapes";
import { AgentWindow } from "./agent-window";

@customElement("status-window")
export class StatusWindow extends AgentWindow {
  @state() private chosen = "";
  @state() private pending = false;
  @state() private problem: ProblemText | null = null;
  private reason = "";

  override connectedCallback(): void {
    super.connectedCallback();
    this.chosen = board.agents.get(this.agent)?.status.code ?? "";
  }

  private async submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const status = board.statuses.find((one) => one.code === this.chosen);
    if (!status || this.pending) return;
    this.pending = true;
    this.problem = null;
    try {
      await setStatus(this.agent, status.code, this.queue, this.reason.trim());
      this.close();
      announce(t("window.status.done", { name: this.name(), status: statusText(status) }));
    } catch (error) {
      this.problem = problemText(error);
    } finally {
      this.pending = false;
    }
  }

  protected override render(): TemplateResult {
    const verdict = this.row?.may.change_status ?? { ok: false, reason: null };
    const why = verdict.ok || this.problem ? null : { title: reasonText(verdict), detail: "" };
    const choices = board.statuses.filter((one) => one.selectable);
    return this.frame(
      t("window.status"),
      html`<form @submit=${this.submit}>
        <p class="subject">${t("window.status.agent", { name: this.name() })}</p>
        ${this.now()} ${problemBox(this.problem)} ${problemBox(why)}
        <fieldset ?disabled=${this.pending}>
          <legend class="label">${t("window.status.list")}</legend>
          <div class="options">
            ${choices.map(
              (one) =>
                html`<label data-color=${one.color}
                  ><input
                    type="radio"
                    name="status"
                    .value=${one.code}
                    .checked=${one.code === this.chosen}
                    ?data-first=${one.code === this.chosen}
                    @change=${() => {
                      this.chosen = one.code;
                    }}
                  />${shape(one.shape)}<span>${statusText(one)}</span></label
                >`,
            )}
          </div>
        </fieldset>
        <div class="field">
          <label for="status-reason">${t("window.status.reason")}</label>
          <input
            id="status-reason"
            type="text"
            maxlength="200"
            autocomplete="off"
            ?disabled=${this.pending}
            @input=${(event: Event) => {
              this.reason = (event.target as HTMLInputElement).value;
            }}
          />
        </div>
        <footer>
          <span role="status" class=${this.pending ? "busy" : ""}>${this.pending ? t("window.status.pending") : ""}</span>
          <button type="button" @click=${this.close}>${t("cancel")}</button>
          <button class="primary" ?disabled=${this.pending || !verdict.ok || !choices.some((one) => one.code === this.chosen)}>
            ${t("change")}
          </button>
        </footer>
      </form>`,
    );
  }
}
