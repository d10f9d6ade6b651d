/** Who asks for help, calls that wait, both the longest first, and who listens to whom. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { Agent, Member, Supervision } from "../api/board";
import type { Part } from "../live/board";
import { board } from "../live/live";
import { since } from "../live/since";
import { LightElement } from "../shell/light-element";
import { announce } from "../shell/notices";
import { maybe, t } from "../text/text";
import { raisedHands } from "../view/arrange";
import { icon, shape } from "../view/shapes";
import "./hands-list";
import { queueLabel } from "./queues";

/** More rows than anybody reads; the rest is counted. */
const MOST = 100;

/** Since when somebody listens, or waits for the phone to be answered. */
export function begun(one: Supervision): number {
  return one.since ?? one.asked_at ?? 0;
}

@customElement("waiting-panel")
export class WaitingPanel extends LightElement {
  /** the selected queue: its name is then not repeated on every line */
  @property({ attribute: false }) queue: string | null = null;
  /** on small screens the lists are folded up under their headings */
  @property({ type: Boolean }) folded = false;

  private hands: readonly Agent[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    this.whileConnected(
      board.listen((parts) => {
        this.lookAtHands(parts);
        if (parts.has("waiting") || parts.has("supervisions") || parts.has("all")) this.requestUpdate();
      }),
    );
  }

  /** Agents change all the time; this panel only shows those whose hand is up. A new one is said aloud. */
  private lookAtHands(parts: ReadonlySet<Part>): void {
    if (!parts.has("agents") && !parts.has("all")) return;
    const before = this.hands;
    this.hands = raisedHands(board.agents.values());
    if (!before.length && !this.hands.length) return;
    this.requestUpdate();
    if (parts.has("all")) return; // another view, not another hand
    const known = new Set(before.map((one) => one.agent));
    for (const one of this.hands) if (!known.has(one.agent)) announce(t("hands.raised", { name: one.name }));
  }

  protected override render(): TemplateResult {
    const waiting = [...board.waiting.values()].sort((a, b) => a.since - b.since);
    const supervisions = [...board.supervisions.values()]
      .filter((one) => one.state !== "ended" && one.state !== "failed")
      .sort((a, b) => begun(a) - begun(b));
    const calls = waiting.length ? this.list(waiting) : html`<p class="muted empty">${t(board.loaded ? "waiting.none" : "loading")}</p>`;
    const listened = supervisions.length
      ? html`<ul>
          ${repeat(
            supervisions,
            (one) => one.id,
            (one) => this.supervision(one),
          )}
        </ul>`
      : html`<p class="muted empty">${t(board.loaded ? "supervisions.none" : "loading")}</p>`;
    const longest = waiting[0] ? html`<span class="muted">${t("queues.longest")} ${since(waiting[0].since)}</span>` : nothing;
    const hands = html`<hands-list .agents=${this.hands} .queue=${this.queue}></hands-list>`;
    return html`${this.foldable("hands-title", t("hands"), this.hands.length, hands, nothing)}
    ${this.foldable("waiting-title", t("waiting"), waiting.length, calls, longest)}
    ${this.foldable("supervisions-title", t("supervisions"), supervisions.length, listened, nothing)}`;
  }

  private foldable(id: string, title: string, n: number, content: TemplateResult, folded: unknown): TemplateResult {
    const heading = html`<h2 id=${id}>${title} <span class="n">${n}</span></h2>`;
    return this.folded
      ? html`<details>
          <summary>${heading} ${folded}</summary>
          ${content}
        </details>`
      : html`<section aria-labelledby=${id}>${heading} ${content}</section>`;
  }

  private list(waiting: Member[]): TemplateResult {
    return html`<ol>
        ${repeat(
          waiting.slice(0, MOST),
          (member) => member.member,
          (member) => this.member(member),
        )}
      </ol>
      ${waiting.length > MOST ? html`<p class="muted empty">${t("waiting.more", { n: waiting.length - MOST })}</p>` : nothing}`;
  }

  private member(member: Member): TemplateResult {
    const { name, number, agent } = member;
    const offered = member.state === "offered" && agent;
    return html`<li>
      <span class="who">${name && name !== number ? html`<b>${name}</b> ` : nothing}${number || (name ? "" : t("call.unknown"))}</span>
      <span class="time"><span class="vh">${t("waiting.time")}</span>${since(member.since)}</span>
      <span class="where muted">
        ${this.queue === null ? queueLabel(member.queue) : nothing}
        ${offered
          ? html`<span class="offered" data-color="cyan"
              >${shape("bell")}${t("waiting.offered", { agent: board.nameOf(agent) })}</span
            >`
          : nothing}
      </span>
    </li>`;
  }

  private supervision(one: Supervision): TemplateResult {
    const agent = board.nameOf(one.agent);
    const state = maybe("supervision", one.state, one.state, { extension: one.extension });
    return html`<li class=${one.mine ? "mine" : ""}>
      <span class="who">${icon("headset")}<b>${t("supervisions.line", { name: one.name || one.login, agent })}</b></span>
      <span class="time">${since(begun(one))}</span>
      <span class="where muted">${t(`mode.${one.mode}`)} ・ ${state}${one.silent ? html` ・ ${t("listener.silent")}` : nothing}</span>
    </li>`;
  }
}
