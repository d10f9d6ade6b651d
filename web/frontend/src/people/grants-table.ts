/** What an account may do on which queue. Each change is carried out at once. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { grant, type Account, type Right } from "../api/accounts";
import { LightElement } from "../shell/light-element";
import { announce } from "../shell/notices";
import { fieldsOf, problemBox } from "../shell/parts";
import { t } from "../text/text";
import { problemText, type ProblemText } from "../text/wording";

const RIGHTS: readonly Right[] = ["none", "view", "edit"];

@customElement("grants-table")
export class GrantsTable extends LightElement {
  @property({ attribute: false }) account: Account | null = null;
  /** queues of the floor, to be offered */
  @property({ attribute: false }) queues: readonly { queue: string; label: string }[] = [];
  @state() private problem: ProblemText | null = null;
  /** what is being asked for; until it is granted, or refused, the list shows it */
  @state() private asked: { queue: string; right: Right } | null = null;

  private async set(queue: string, right: Right): Promise<void> {
    const login = this.account?.login ?? "";
    this.asked = { queue, right };
    this.problem = null;
    try {
      this.tell("account-changed", await grant(login, queue, right));
      announce(t("account.grants.saved", { queue, right: t(`right.${right}`) }));
    } catch (error) {
      this.problem = problemText(error);
    } finally {
      this.asked = null;
    }
  }

  private async add(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const queue = fieldsOf(form)("queue").trim();
    if (!queue) return;
    await this.set(queue, "view");
    form.reset();
  }

  protected override render(): TemplateResult {
    const { account } = this;
    return html`<section class="card part" aria-labelledby="grants-title">
      <h2 id="grants-title">${t("account.grants")}</h2>
      ${problemBox(this.problem)}
      ${account?.role === "administrator" ? html`<p class="muted">${t("account.grants.admin")}</p>` : this.content(account)}
    </section>`;
  }

  private content(account: Account | null): TemplateResult {
    const labels = new Map(this.queues.map((one) => [one.queue, one.label]));
    const all = [...new Set([...labels.keys(), ...Object.keys(account?.grants ?? {})])].sort();
    return html`<p class="muted">${t("account.grants.hint")}</p>
      ${all.length ? this.table(account, all, labels) : html`<p class="muted">${t("account.grants.none")}</p>`}
      <form class="inline" @submit=${this.add}>
        <div class="field">
          <label for="grant-queue">${t("account.grants.name")}</label>
          <input id="grant-queue" name="queue" type="text" autocomplete="off" spellcheck="false" maxlength="128" required />
        </div>
        <button>${t("account.grants.add")}</button>
      </form>`;
  }

  private table(account: Account | null, all: string[], labels: Map<string, string>): TemplateResult {
    return html`<table class="plain">
      <thead>
        <tr>
          <th scope="col">${t("account.grants.queue")}</th>
          <th scope="col">${t("account.grants.right")}</th>
        </tr>
      </thead>
      <tbody>
        ${repeat(
          all,
          (queue) => queue,
          (queue) => {
            const label = labels.get(queue) ?? queue;
            const asked = this.asked?.queue === queue ? this.asked.right : null;
            const right = asked ?? account?.grants[queue] ?? "none";
            return html`<tr>
              <th scope="row">${label}${label === queue ? nothing : html` <span class="muted">${queue}</span>`}</th>
              <td>
                <select
                  aria-label="${t("account.grants.right")}: ${label}"
                  ?disabled=${asked !== null}
                  @change=${(event: Event) => void this.set(queue, (event.target as HTMLSelectElement).value as Right)}
                >
                  ${RIGHTS.map((one) => html`<option value=${one} .selected=${one === right}>${t(`right.${one}`)}</option>`)}
                </select>
              </td>
            </tr>`;
          },
        )}
      </tbody>
    </table>`;
  }
}
