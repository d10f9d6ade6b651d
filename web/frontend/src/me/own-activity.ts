/** One's own latest periods; all of them stand on the activity page. */
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { readActivity, type ActivityRow } from "../api/activity";
import { activityTable } from "../activity/activity-table";
import { LightElement } from "../shell/light-element";
import { go } from "../shell/pages";
import { problemBox } from "../shell/parts";
import { locale, t } from "../text/text";
import { problemText, type ProblemText } from "../text/wording";

const MOST = 10;

@customElement("own-activity")
export class OwnActivity extends LightElement {
  @property() agent = "";
  @state() private rows: ActivityRow[] | null = null;
  @state() private problem: ProblemText | null = null;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("agent")) void this.load();
  }

  private async load(): Promise<void> {
    try {
      this.rows = (await readActivity({ agent: this.agent }, null, MOST)).activity;
    } catch (error) {
      this.problem = problemText(error);
    }
  }

  protected override render(): TemplateResult {
    return html`<section class="card part" aria-labelledby="own-activity-title">
      <h2 id="own-activity-title">${t("me.activity")}</h2>
      ${problemBox(this.problem)}
      ${this.rows?.length ? activityTable(this.rows, undefined, locale(), true) : nothing}
      ${this.rows?.length === 0 ? html`<p class="muted">${t("activity.empty")}</p>` : nothing}
      <p><a href="/activity?agent=${encodeURIComponent(this.agent)}" @click=${go}>${t("me.activity.all")}</a></p>
    </section>`;
  }
}
