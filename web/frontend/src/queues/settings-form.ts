/** What a site sets for a queue: its name, the wrap-up time, and the tones by which agents learn that somebody listens. */
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { changeQueueSettings, readQueueSettings, type QueueSettings } from "../api/queues";
import { board } from "../live/live";
import { LightElement } from "../shell/light-element";
import { announce } from "../shell/notices";
import { fieldsOf, problemBox } from "../shell/parts";
import { dateTime } from "../text/duration";
import { locale, maybe, t } from "../text/text";
import { problemText, statusText, type ProblemText } from "../text/wording";

@customElement("queue-settings-form")
export class QueueSettingsForm extends LightElement {
  @property() queue = "";
  @state() private settings: QueueSettings | null = null;
  @state() private pending = false;
  @state() private problem: ProblemText | null = null;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("queue")) void this.load();
  }

  private async load(): Promise<void> {
    this.settings = null;
    try {
      this.settings = await readQueueSettings(this.queue);
      this.problem = null;
    } catch (error) {
      this.problem = problemText(error);
    }
  }

  private async submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const text = fieldsOf(event.target as HTMLFormElement);
    const wrapUp = text("wrap_up_s").trim();
    this.pending = true;
    this.problem = null;
    try {
      this.settings = await changeQueueSettings(this.queue, {
        label: text("label").trim() || null,
        wrap_up_s: wrapUp ? Number(wrapUp) : null,
        monitor_notice: text("monitor_notice") === "on",
        whisper_notice: text("whisper_notice") === "on",
        number: text("number").trim() || null,
        missed_after: Number(text("missed_after")),
        missed_status: text("missed_status") || null,
      });
      announce(t("queue.saved"));
      this.tell("settings-changed");
    } catch (error) {
      this.problem = problemText(error);
    } finally {
      this.pending = false;
    }
  }

  protected override render(): TemplateResult {
    const { settings } = this;
    return html`${problemBox(this.problem)} ${settings ? this.form(settings) : nothing}`;
  }

  /** What holds for agents on phones outside. */
  private outside(settings: QueueSettings, fixed: boolean): TemplateResult {
    const choices = board.statuses.filter((one) => one.selectable && one.code !== "available");
    const known = choices.some((one) => one.code === settings.missed_status);
    return html`<fieldset class="options-plain">
      <legend class="label">${t("queue.outside")}</legend>
      <div class="field">
        <label for="queue-number">${t("queue.number")}</label>
        <input id="queue-number" name="number" type="tel" maxlength="21" pattern="\\+?[0-9]{3,20}" autocomplete="off"
          aria-describedby="queue-number-hint" ?disabled=${fixed} .value=${settings.number ?? ""} />
        <p class="hint" id="queue-number-hint">${t("queue.number.hint")}</p>
      </div>
      <div class="field">
        <label for="queue-missed-after">${t("queue.missed_after")}</label>
        <input id="queue-missed-after" name="missed_after" type="number" min="1" max="20" required
          ?disabled=${fixed} .value=${String(settings.missed_after)} />
      </div>
      <div class="field">
        <label for="queue-missed-status">${t("queue.missed_status")}</label>
        <select id="queue-missed-status" name="missed_status" aria-describedby="queue-missed-hint" ?disabled=${fixed}>
          <option value="" .selected=${settings.missed_status === null}>${t("queue.missed_status.none")}</option>
          ${settings.missed_status !== null && !known
            ? html`<option value=${settings.missed_status} .selected=${true}>${maybe("status", settings.missed_status, settings.missed_status)}</option>`
            : nothing}
          ${choices.map((one) => html`<option value=${one.code} .selected=${one.code === settings.missed_status}>${statusText(one)}</option>`)}
        </select>
        <p class="hint" id="queue-missed-hint">${t("queue.missed.hint")}</p>
      </div>
    </fieldset>`;
  }

  private form(settings: QueueSettings): TemplateResult {
    const fixed = !settings.may_change;
    const notice = (name: "monitor_notice" | "whisper_notice", on: boolean): TemplateResult =>
      html`<label class="check"
        ><input type="checkbox" name=${name} .checked=${on} ?disabled=${fixed} />${t(`queue.${name}`)}</label
      >`;
    return html`<form class="card part narrow-form" @submit=${this.submit} autocomplete="off">
      ${fixed ? html`<p class="note">${t("queue.fixed")}</p>` : nothing}
      <div class="field">
        <label for="queue-label">${t("queue.label")}</label>
        <input
          id="queue-label"
          name="label"
          type="text"
          maxlength="100"
          aria-describedby="queue-label-hint"
          ?disabled=${fixed}
          .value=${settings.label ?? ""}
        />
        <p class="hint" id="queue-label-hint">${t("queue.label.hint", { queue: settings.queue })}</p>
      </div>
      <div class="field">
        <label for="queue-wrap-up">${t("queue.wrap_up")}</label>
        <input
          id="queue-wrap-up"
          name="wrap_up_s"
          type="number"
          min="0"
          max="3600"
          aria-describedby="queue-wrap-up-hint"
          ?disabled=${fixed}
          .value=${settings.wrap_up_s === null ? "" : String(settings.wrap_up_s)}
        />
        <p class="hint" id="queue-wrap-up-hint">${t("queue.wrap_up.hint")}</p>
      </div>
      <fieldset class="options-plain">
        <legend class="label">${t("queue.notices")}</legend>
        ${notice("monitor_notice", settings.monitor_notice)} ${notice("whisper_notice", settings.whisper_notice)}
        <p class="muted">${t("queue.notices.hint")}</p>
      </fieldset>
      ${this.outside(settings, fixed)}
      ${settings.set_at === null
        ? nothing
        : html`<p class="muted">${t("queue.set", { who: settings.set_by, time: dateTime(settings.set_at, locale()) })}</p>`}
      ${fixed ? nothing : html`<footer><span class="space"></span><button class="primary" ?disabled=${this.pending}>${t("save")}</button></footer>`}
    </form>`;
  }
}
