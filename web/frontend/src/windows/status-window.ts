/**
 * Changing an agent's status and sign-in terminal: carried out by the server, believed only when FreeSWITCH has confirmed.
 * While the agent rings or talks the change is asked for «after this call».
 */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { SelectableStatus } from "../api/board";
import { setStatus, setTerminal } from "../api/commands";
import { board } from "../live/live";
import { since } from "../live/since";
import { announce } from "../shell/notices";
import { problemBox } from "../shell/parts";
import { t } from "../text/text";
import { reasonText, statusText, type ProblemText } from "../text/wording";
import { mayChangeLater, nextOf, type Next } from "../view/action";
import { shape } from "../view/shapes";
import { AgentWindow } from "./agent-window";
import { endNext } from "./next-action";
import { terminalChanged, terminalFields, terminalNow, terminalQuestion, type TerminalWish } from "./terminal-fields";

/** What one asks for: only what one touched oneself. A terminal is confirmed first, and then no more and no less is sent. */
interface Change {
  status: SelectableStatus | null;
  terminal: TerminalWish | null;
  later: boolean;
}

@customElement("status-window")
export class StatusWindow extends AgentWindow {
  /** the status that was picked by hand; until then the window shows the agent's own, whatever becomes of it */
  @state() private picked: string | null = null;
  /** the terminal as it was changed by hand */
  @state() private terminal: TerminalWish | null = null;
  /** what the question on the screen is about */
  @state() private asked: Change | null = null;
  @state() private pending = false;
  @state() private problem: ProblemText | null = null;
  private reason = "";

  /** Only the call stands against it: what is asked for now is carried out after the call. */
  private later(): boolean {
    return this.row !== undefined && mayChangeLater(this.row);
  }

  private chosen(): string {
    if (this.picked !== null) return this.picked;
    const { row } = this;
    if (!row) return "";
    // In an automatic wrap-up nobody chose «wrap-up».
    return this.later() ? (row.after_call ?? "") : (row.chosen?.code ?? row.status.code);
  }

  private change(): Change {
    const { row, terminal, picked } = this;
    const later = this.later();
    const status = board.statuses.find((one) => one.code === picked && one.selectable) ?? null;
    return { status, later, terminal: row && terminal && !later && terminalChanged(row, terminal) ? terminal : null };
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
    const change = this.change();
    if (change.terminal) void this.ask(change);
    else if (change.status) void this.carryOut(change);
  }

  private async ask(change: Change | null, focus = "[data-first]"): Promise<void> {
    this.asked = change;
    this.pending = false;
    await this.updateComplete;
    this.dialog.querySelector<HTMLElement>(focus)?.focus();
  }

  private async carryOut({ status, terminal, later }: Change): Promise<void> {
    this.pending = true;
    this.problem = null;
    try {
      // The terminal first: where it is refused, also by a call that came meanwhile, nothing has changed.
      if (terminal) await setTerminal(this.agent, terminal, this.queue, this.changesKey(terminal));
      if (status) await setStatus(this.agent, { status: status.code, queue: this.queue, reason: this.reason.trim(), afterCall: later });
      this.close();
      const values = { name: this.name(), status: status ? statusText(status) : "" };
      if (!status) announce(t("terminal.done", values));
      else announce(t(later ? "after_call.done" : "window.status.done", values));
    } catch (error) {
      this.problem = this.wentWrong(error);
      if (this.asked) void this.ask(null, terminal && terminal.kind !== "extension" ? "#terminal-number" : "[data-first]");
    } finally {
      this.pending = false;
    }
  }

  protected override render(): TemplateResult {
    return this.frame(t("window.status"), this.asked?.terminal ? this.confirming(this.asked, this.asked.terminal) : this.form());
  }

  private confirming(change: Change, terminal: TerminalWish): TemplateResult {
    const question = terminalQuestion(terminal, this.name());
    return html`<div class="content">
      <p class="question" id="question">${question}</p>
      <footer>
        <span role="status" class=${this.pending ? "busy" : ""}>${this.pending ? t("window.status.pending") : ""}</span>
        <button type="button" ?disabled=${this.pending} @click=${() => void this.ask(null)}>${t("cancel")}</button>
        <button
          type="button"
          class="primary"
          data-first
          aria-describedby="question"
          ?disabled=${this.pending}
          @click=${() => void this.carryOut(change)}
        >
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
    const chosen = this.chosen();
    const change = this.change();
    const ready = change.status !== null || change.terminal !== null;
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
                  .checked=${one.code === chosen}
                  ?data-first=${one.code === chosen || (at === 0 && !chosen)}
                  @change=${() => {
                    this.picked = one.code;
                  }}
                />${shape(one.shape)}<span>${statusText(one)}</span></label
              >`,
          )}
        </div>
      </fieldset>
      ${row && !later
        ? terminalFields(row, this.terminal ?? terminalNow(row), this.pending || !able, this.setsKey(), (wish) => {
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
