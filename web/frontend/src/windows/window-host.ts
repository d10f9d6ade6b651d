/** Opens the windows about agents, one at a time: whoever lists agents puts one of these beside the list. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Mode } from "../api/board";
import type { Opened } from "../monitor/agent-list";
import { board } from "../live/live";
import { LightElement } from "../shell/light-element";
import { statusAction } from "../view/action";
import "./detail-window";
import "./monitoring-window";
import { endNext } from "./next-action";
import "./priority-window";
import "./status-window";

export type WindowKind = "status" | "priority" | "monitor" | "detail";

/** What is to be opened: by the control that was pressed, or a window by its name; `queue` where it is not the selected one. */
export interface Wish extends Opened {
  kind?: WindowKind;
  queue?: string | null;
  /** the monitoring window rings one's first phone for this at once */
  mode?: Mode;
}

interface Open extends Opened {
  kind: WindowKind;
  queue: string | null;
  mode: Mode | null;
}

@customElement("window-host")
export class WindowHost extends LightElement {
  /** the selected queue */
  @property({ attribute: false }) queue: string | null = null;
  @state() private open: Open | null = null;

  /** Opens what a control stands for; one that ends something does so at once. */
  show(wish: Wish): void {
    const { agent, control } = wish;
    const queue = wish.queue === undefined ? this.queue : wish.queue;
    if (control === "next" && wish.kind === undefined) {
      void endNext(agent, queue);
      return;
    }
    const kind = wish.kind ?? this.kindOf(wish);
    if (kind === null) return;
    this.open = { agent, control: this.open?.agent === agent ? this.open.control : control, kind, queue, mode: wish.mode ?? null };
    this.tell("windows-open", true);
  }

  private kindOf({ agent, control }: Opened): WindowKind | null {
    const row = board.agents.get(agent);
    if (!row) return null;
    if (control === "name") return "detail";
    return control === "priority" ? "priority" : statusAction(row).window;
  }

  private async closed(): Promise<void> {
    const { open } = this;
    this.open = null;
    this.tell("windows-open", false);
    await this.updateComplete;
    if (open) this.tell("windows-closed", { agent: open.agent, control: open.control } satisfies Opened);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { open } = this;
    if (!open) return nothing;
    return html`<div
      @window-closed=${(event: Event) => {
        event.stopPropagation();
        void this.closed();
      }}
      @open-window=${(event: CustomEvent<Wish>) => {
        event.stopPropagation();
        this.show(event.detail);
      }}
    >
      ${this.window_(open)}
    </div>`;
  }

  private window_({ kind, agent, queue, mode }: Open): TemplateResult {
    switch (kind) {
      case "status":
        return html`<status-window data-window .agent=${agent} .queue=${queue}></status-window>`;
      case "priority":
        return html`<priority-window data-window .agent=${agent} .queue=${queue}></priority-window>`;
      case "monitor":
        return html`<monitoring-window data-window .agent=${agent} .queue=${queue} .begin=${mode}></monitoring-window>`;
      case "detail":
        return html`<detail-window data-window .agent=${agent} .queue=${queue}></detail-window>`;
    }
  }
}
