/** What a site sets for a queue: its name, the wrap-up time, and the tones by which agents learn that somebody listens. */
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { changeQueueSettings, readQueueSettings, type QueueSettings } from "../api/queues";
import { LightElement } from "../shell/light-element";
import { announce } from "../shell/notices";
import { fieldsOf, problemBox } from "../shell/parts";
import { dateTime } from "../text/duration";
import { locale, t } from "../text/text";
import { problemText, type ProblemText } from "../text/wording";

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
      ${settings.set_at === null
        ? nothing
        : html`<p class="muted">${t("queue.set", { who: settings.set_by, time: dateTime(settings.set_at, locale()) })}</p>`}
      ${fixed ? nothing : html`<footer><span class="space"></span><button class="primary" ?disabled=${this.pending}>${t("save")}</button></footer>`}
    </form>`;
  }
}
