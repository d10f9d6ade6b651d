/** Queues: the list of those one may see, and one of them with its members and settings. */
import { html, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { readQueues, type QueueRow } from "../api/queues";
import { LightElement } from "../shell/light-element";
import { go } from "../shell/pages";
import { problemBox } from "../shell/parts";
import { tabLinks, tabOf } from "../shell/tabs";
import { maybe, t } from "../text/text";
import { problemText, type ProblemText } from "../text/wording";
import "./members-list";
import "./settings-form";

@customElement("queues-page")
export class QueuesPage extends LightElement {
  /** the queue of the address; empty for the list */
  @property() queue = "";
  @state() private queues: QueueRow[] | null = null;
  @state() private tab = tabOf(["settings"]);
  @state() private problem: ProblemText | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    const moved = (): void => {
      this.tab = tabOf(["settings"]);
    };
    moved();
    window.addEventListener("popstate", moved);
    this.whileConnected(() => {
      window.removeEventListener("popstate", moved);
    });
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("queue")) void this.load();
  }

  private async load(): Promise<void> {
    try {
      this.queues = (await readQueues()).queues;
      this.problem = null;
    } catch (error) {
      this.problem = problemText(error);
    }
  }

  protected override render(): TemplateResult {
    return this.queue ? this.one() : this.list();
  }

  private list(): TemplateResult {
    return html`<div class="page">
      <header><h1>${t("queues")}</h1></header>
      ${problemBox(this.problem)}
      ${this.queues ? this.table(this.queues) : html`<p class="loading" role="status">${t("loading")}</p>`}
    </div>`;
  }

  private table(queues: QueueRow[]): TemplateResult {
    if (!queues.length) return html`<p class="muted">${t("queues.none")}</p>`;
    return html`<div class="card list" role="group" aria-label=${t("nav.queues")} tabindex="0">
      <table class="narrow-table">
        <thead>
          <tr>
            <th scope="col">${t("queue.label")}</th>
            <th scope="col">${t("queue.name")}</th>
            <th scope="col">${t("account.grants.right")}</th>
            <th scope="col">${t("queue.strategy")}</th>
          </tr>
        </thead>
        <tbody>
          ${repeat(
            queues,
            (one) => one.queue,
            (one) =>
              html`<tr>
                <th scope="row"><a href="/queues/${encodeURIComponent(one.queue)}" @click=${go}>${one.label}</a></th>
                <td>${one.queue}</td>
                <td>${maybe("queues.right", one.right, one.right)}</td>
                <td>${maybe("strategy.name", one.strategy, one.strategy)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  private one(): TemplateResult {
    const { queue, tab } = this;
    const row = this.queues?.find((one) => one.queue === queue);
    return html`<div class="page wide-page">
      <header>
        <h1>${row?.label ?? queue}</h1>
        ${row ? html`<span class="muted">${maybe("strategy.name", row.strategy, row.strategy)}</span>` : ""}
        <span class="space"></span>
        <a class="button" href="/queues" @click=${go}>${t("accounts.back")}</a>
      </header>
      ${tabLinks(t("queue.tabs"), `/queues/${encodeURIComponent(queue)}`, tab, [
        ["", t("queue.members")],
        ["settings", t("queue.settings")],
      ])}
      ${problemBox(this.problem)}
      ${tab === "settings"
        ? html`<queue-settings-form .queue=${queue} @settings-changed=${() => void this.load()}></queue-settings-form>`
        : html`<members-list .queue=${queue}></members-list>`}
    </div>`;
  }
}
