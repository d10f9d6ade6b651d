/** The queues one may see, each with its waiting calls and its agents; a click selects one. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { AgentCounts, Queue } from "../api/board";
import { board } from "../live/live";
import { since } from "../live/since";
import { LightElement } from "../shell/light-element";
import { t } from "../text/text";
import { shape } from "../view/shapes";
import { sortedQueues } from "./queues";

const COUNTS: readonly { count: Exclude<keyof AgentCounts, "total">; shape: string; color: string }[] = [
  { count: "available", shape: "circle", color: "green" },
  { count: "ringing", shape: "bell", color: "cyan" },
  { count: "busy", shape: "diamond", color: "blue" },
  { count: "away", shape: "square", color: "amber" },
  { count: "logged_out", shape: "ring", color: "grey" },
];

@customElement("queue-list")
export class QueueList extends LightElement {
  @property({ attribute: false }) selected: string | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.whileConnected(
      board.listen((parts) => {
        if (parts.has("queues") || parts.has("all")) this.requestUpdate();
      }),
    );
  }

  protected override render(): TemplateResult {
    const queues = sortedQueues();
    return html`<section class="queues" aria-labelledby="queues-title">
      <h2 id="queues-title">${t("queues")}</h2>
      <ul>
        <li>
          <button type="button" class="queue all" aria-pressed=${this.pressed(null)} @click=${() => this.tell("select-queue", null)}>
            <span class="name">${t("queues.all")}</span>
          </button>
        </li>
        ${repeat(
          queues,
          (queue) => queue.queue,
          (queue) => html`<li>${this.card(queue)}</li>`,
        )}
      </ul>
      ${board.loaded && !queues.length ? html`<p class="muted empty">${t("queues.none")}</p>` : nothing}
    </section>`;
  }

  private pressed(queue: string | null): "true" | "false" {
    return queue === this.selected ? "true" : "false";
  }

  private card(queue: Queue): TemplateResult {
    const right = queue.right === "view" || queue.right === "edit" ? queue.right : "all";
    return html`<button
      type="button"
      class="queue ${queue.waiting ? "has-waiting" : ""}"
      aria-pressed=${this.pressed(queue.queue)}
      @click=${() => this.tell("select-queue", queue.queue)}
    >
      <span class="head"
        ><span class="name">${queue.label}</span>${right === "all"
          ? nothing
          : html`<span class="badge">${t(`queues.right.${right}`)}</span>`}</span
      >
      <span class="waiting"><span class="label">${t("queues.waiting")}</span> <b>${queue.waiting}</b></span>
      <span class="longest"
        ><span class="label">${t("queues.longest")}</span>
        <b>${queue.longest_wait_since === null ? t("none") : since(queue.longest_wait_since)}</b></span
      >
      <span class="counts">${COUNTS.map((one) => this.count(queue, one))}</span>
      ${queue.answered === undefined
        ? nothing
        : html`<span class="today muted" data-tip=${t("queues.today.hint")}>${t("queues.today", { answered: queue.answered, abandoned: queue.abandoned ?? 0 })}</span>`}
    </button>`;
  }

  private count(queue: Queue, one: (typeof COUNTS)[number]): TemplateResult {
    const n = queue.agents[one.count];
    const text = t(`queues.count.${one.count}`, { n });
    return html`<span class="count" data-color=${one.color} data-tip=${text}
      >${shape(one.shape)}<span aria-hidden="true">${n}</span><span class="vh">${text}</span></span
    >`;
  }
}
