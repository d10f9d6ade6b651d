/**
 * Changing an agent's status and sign-in terminal: carried out by the server, believed only when FreeSWITCH has confirmed.
 * While the agent rings or talks the change is asked for «after this call».
 */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { setStatus, setTerminal } from "../api/commands";
import { board } from "../live/live";
import { since } from "../live/since";
import { announce } from "../shell/notices";
import { problemBox } from "../shell/parts";
import { t } from "../text/text";
import { problemText, reasonText, statusText, type ProblemText } from "../text/wording";
import { mayChangeLater, nextOf, type Next } from "../view/action";
import { shape } from "../view/shapes";
import { AgentWindow } from "./agent-window";
import { endNext } from "./next-action";
import { terminalChanged, terminalFields, terminalNow, terminalQuestion, type TerminalWish } from "./terminal-fields";

@customElement("status-window")
export class StatusWindow extends AgentWindow {
  @state() private chosen = "";
  @state() private terminal: TerminalWish = { kind: "extension", number: "", extension: "", delay: 10, confirm: true };
  @state() private asking = false;
  @state() private pending = false;
  @state() private problem: ProblemText | null = null;
  private reason = "";

  override connectedCallback(): void {
    super.connectedCallback();
    const row = board.agents.get(this.agent);
    if (!row) return;
    this.chosen = mayChangeLater(row) ? (row.after_call ?? "") : row.status.code;
    this.terminal = terminalNow(row);
  }

  /** Only the call stands against it: what is asked for now is carried out after the call. */
  private later(): boolean {
    return this.row !== undefined && mayChangeLater(this.row);
  }

  private newTerminal(): TerminalWish | null {
    const { row, terminal } = this;
    return row && !this.later() && terminalChanged(row, terminal) ? terminal : null;
  }

  private setsKey(): boolean {
    return this.row?.may.change_confirmation.ok === true;
  }

  private changesKey(wish: TerminalWish): boolean {
    return this.row !== undefined && this.setsKey() && wish.confirm !== terminalNow(this.row).confirm;
  }

  private submit(event: SubmitEvent): void {
    event.preventDefault();
    if (this.pending) return;
    if (this.newTerminal()) void this.ask(true);
    else void this.carryOut();
  }

  private async ask(asking: boolean, focus = "[data-first]"): Promise<void> {
    this.asking = asking;
    this.pending = false;
    await this.updateComplete;
    this.dialog.querySelector<HTMLElement>(focus)?.focus();
  }

  private async carryOut(): Promise<void> {
    const status = board.statuses.find((one) => one.code === this.chosen);
    const terminal = this.newTerminal();
    const later = this.later();
    this.pending = true;
    this.problem = null;
    try {
      // The terminal first: where its number is refused nothing has changed.
      if (terminal) await setTerminal(this.agent, terminal, this.queue, this.changesKey(terminal));
      if (status) await setStatus(this.agent, { status: status.code, queue: this.queue, reason: this.reason.trim(), afterCall: later });
      this.close();
      const values = { name: this.name(), status: status ? statusText(status) : "" };
      if (!status) announce(t("terminal.done", values));
      else announce(t(later ? "after_call.done" : "window.status.done", values));
    } catch (error) {
      this.problem = problemText(error);
      if (this.asking) void this.ask(false, terminal && terminal.kind !== "extension" ? "#terminal-number" : "[data-first]");
    } finally {
      this.pending = false;
    }
  }

  protected override render(): TemplateResult {
    return this.frame(t("window.status"), this.asking ? this.confirming() : this.form());
  }

  private confirming(): TemplateResult {
    const question = terminalQuestion(this.terminal, this.name());
    return html`<div class="content">
      <p class="question" id="question">${question}</p>
      <footer>
        <span role="status" class=${this.pending ? "busy" : ""}>${this.pending ? t("window.status.pending") : ""}</span>
        <button type="button" ?disabled=${this.pending} @click=${() => void this.ask(false)}>${t("cancel")}</button>
        <button type="button" class="primary" data-first aria-describedby="question" ?disabled=${this.pending} @click=${this.carryOut}>
          ${t("ok")}
        </button>
      </footer>
    </div>`;
  }

  private form(): TemplateResult {
    const { row } = this;
    const later = this.later();
    const verdict = row?.may.change_status ?? { ok: false, reason: null };
    const able = verdict.ok || later;
    const why = able || this.problem ? null : { title: reasonText(verdict), detail: "" };
    const next = row ? nextOf(row) : null;
    const choices = board.statuses.filter((one) => one.selectable);
    const ready = choices.some((one) => one.code === this.chosen) || this.newTerminal() !== null;
    return html`<form @submit=${this.submit}>
      <p class="subject">${t("window.status.agent", { name: this.name() })}</p>
      ${this.now()} ${problemBox(this.problem)} ${problemBox(why)}
      ${later ? html`<p class="note" role="status">${t(verdict.reason === "agent_ringing" ? "after_call.ringing" : "after_call.talking")}</p>` : nothing}
      ${next?.verdict.ok ? this.next(next) : nothing}
      <fieldset ?disabled=${this.pending}>
        <legend class="label">${t(later ? "after_call.list" : "window.status.list")}</legend>
        <div class="options">
          ${choices.map(
            (one, at) =>
              html`<label data-color=${one.color}
                ><input
                  type="radio"
                  name="status"
                  .value=${one.code}
                  .checked=${one.code === this.chosen}
                  ?data-first=${one.code === this.chosen || (at === 0 && !this.chosen)}
                  @change=${() => {
                    this.chosen = one.code;
                  }}
                />${shape(one.shape)}<span>${statusText(one)}</span></label
              >`,
          )}
        </div>
      </fieldset>
      ${row && !later
        ? terminalFields(row, this.terminal, this.pending || !able, this.setsKey(), (wish) => {
            this.terminal = wish;
          })
        : nothing}
      <div class="field">
        <label for="status-reason">${t("window.status.reason")}</label>
        <input
          id="status-reason"
          type="text"
          maxlength="200"
          autocomplete="off"
          ?disabled=${this.pending}
          .value=${this.reason}
          @input=${(event: Event) => {
            this.reason = (event.target as HTMLInputElement).value;
          }}
        />
      </div>
      <footer>
        <span role="status" class=${this.pending ? "busy" : ""}>${this.pending ? t("window.status.pending") : ""}</span>
        <button type="button" @click=${this.close}>${t("cancel")}</button>
        <button class="primary" ?disabled=${this.pending || !able || !ready}>${t(later ? "after_call.change" : "change")}</button>
      </footer>
    </form>`;
  }

  /** What is under way already, with what ends it. */
  private next(next: Next): TemplateResult {
    const end = (): void => {
      void endNext(this.agent, this.queue);
    };
    if (next.kind === "wrap_up") {
      const [before = "", after = ""] = t("status.until").split("{time}");
      return html`<p class="next">
        <span>${before}${since(next.until, true)}${after}</span><button type="button" @click=${end}>${t("wrap_up.end")}</button>
      </p>`;
    }
    const label = board.statuses.find((one) => one.code === next.code)?.label ?? "";
    return html`<p class="next">
      <span>${t("status.after", { status: statusText({ code: next.code, label }) })}</span
      ><button type="button" @click=${end}>${t("after_call.cancel")}</button>
    </p>`;
  }
}
