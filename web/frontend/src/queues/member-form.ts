/** Adds and removes members of a queue; shown to administrators only, and the server refuses everybody else. */
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { addMember, readCandidates, removeMember, type Candidate } from "../api/queues";
import { board } from "../live/live";
import { LightElement } from "../shell/light-element";
import { announce, complain } from "../shell/notices";
import { t } from "../text/text";
import "../people/confirm-window";

const PRIORITIES = Array.from({ length: 15 }, (_, i) => i + 1);

@customElement("member-form")
export class MemberForm extends LightElement {
  @property() queue = "";
  @state() private candidates: Candidate[] = [];
  @state() private chosen = "";
  @state() private leaving = "";
  @state() private asked = false;
  private priority = 1;

  override connectedCallback(): void {
    super.connectedCallback();
    this.whileConnected(
      board.listen((parts) => {
        if (parts.has("agents") || parts.has("all")) this.requestUpdate();
      }),
    );
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("queue")) void this.read();
  }

  private async read(): Promise<void> {
    try {
      this.candidates = (await readCandidates(this.queue)).candidates;
      this.chosen = this.candidates[0]?.agent ?? "";
    } catch (error) {
      complain(error);
    }
  }

  private async add(event: Event): Promise<void> {
    event.preventDefault();
    const one = this.candidates.find((candidate) => candidate.agent === this.chosen);
    if (!one) return;
    try {
      await addMember(this.queue, one.agent, this.priority);
      announce(t("members.added", { name: one.name }));
    } catch (error) {
      complain(error);
    }
    await this.read();
  }

  private async letGo(): Promise<void> {
    const name = board.nameOf(this.leaving);
    try {
      await removeMember(this.queue, this.leaving);
      announce(t("members.removed", { name }));
      this.leaving = "";
    } catch (error) {
      complain(error);
    }
    await this.read();
  }

  protected override render(): TemplateResult {
    const members = [...board.agents.values()];
    // The server's list may be older than the board.
    const free = this.candidates.filter((one) => !board.agents.has(one.agent));
    const name = board.nameOf(this.leaving);
    return html`<form class="toolbar" @submit=${(event: Event) => void this.add(event)}>
        ${free.length
          ? html`<label for="new-member">${t("members.add.agent")}</label>
              <select id="new-member" @change=${(event: Event) => (this.chosen = (event.target as HTMLSelectElement).value)}>
                ${free.map(
                  (one) => html`<option value=${one.agent} .selected=${one.agent === this.chosen}>${one.name} (${one.login})</option>`,
                )}
              </select>
              <label for="new-priority">${t("members.add.priority")}</label>
              <select id="new-priority" @change=${(event: Event) => (this.priority = Number((event.target as HTMLSelectElement).value))}>
                ${PRIORITIES.map((one) => html`<option value=${one} .selected=${one === this.priority}>${one}</option>`)}
              </select>
              <button type="submit">${t("members.add")}</button>`
          : html`<span class="muted">${t("members.add.none")}</span>`}
        <span class="space"></span>
        <label class="vh" for="old-member">${t("members.remove")}</label>
        <select id="old-member" @change=${(event: Event) => (this.leaving = (event.target as HTMLSelectElement).value)}>
          <option value="" .selected=${this.leaving === ""}>–</option>
          ${members.map((one) => html`<option value=${one.agent} .selected=${one.agent === this.leaving}>${one.name}</option>`)}
        </select>
        <button type="button" ?disabled=${!this.leaving} @click=${() => (this.asked = true)}>${t("members.remove")}</button>
      </form>
      ${this.asked
        ? html`<confirm-window
            .heading=${t("members.remove.of", { name })}
            .text=${t("members.remove.ask", { name })}
            .act=${t("members.remove")}
            @confirmed=${() => void this.letGo()}
            @window-closed=${() => (this.asked = false)}
          ></confirm-window>`
        : nothing}`;
  }
}
