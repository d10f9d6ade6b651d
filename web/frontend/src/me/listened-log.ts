/** Who listened to an agent, newest first. */
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { readListened, type ListenedRow } from "../api/agents";
import { LightElement } from "../shell/light-element";
import { problemBox } from "../shell/parts";
import { dateTime } from "../text/duration";
import { locale, maybe, t } from "../text/text";
import { problemText, type ProblemText } from "../text/wording";

@customElement("listened-log")
export class ListenedLog extends LightElement {
  @property() agent = "";
  @state() private rows: ListenedRow[] | null = null;
  @state() private next: string | null = null;
  @state() private problem: ProblemText | null = null;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("agent")) void this.load(null);
  }

  private async load(cursor: string | null): Promise<void> {
    try {
      const page = await readListened(this.agent, cursor);
      this.rows = cursor === null ? page.listened : [...(this.rows ?? []), ...page.listened];
      this.next = page.next;
      this.problem = null;
    } catch (error) {
      this.problem = problemText(error);
    }
  }

  protected override render(): TemplateResult {
    return html`<section class="card part" aria-labelledby="listened-title">
      <h2 id="listened-title">${t("listened")}</h2>
      ${problemBox(this.problem)} ${this.rows?.length === 0 ? html`<p class="muted">${t("listened.none")}</p>` : nothing}
      <ul class="lines">
        ${repeat(
          this.rows ?? [],
          (one) => one.id,
          (one) =>
            html`<li>
              <div>
                <b>${one.name || one.login}</b> <span class="badge">${maybe("mode", one.mode, one.mode)}</span>
                <p class="muted">${dateTime(one.at, locale())} ・ ${t(`listened.${one.what}`)}</p>
              </div>
            </li>`,
        )}
      </ul>
      ${this.next === null
        ? nothing
        : html`<button type="button" @click=${() => void this.load(this.next)}>${t("audit.more")}</button>`}
    </section>`;
  }
}
