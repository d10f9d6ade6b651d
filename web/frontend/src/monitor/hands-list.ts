/** Agents who ask for help, in the order in which they raised the hand; one click rings one's phone to listen or to whisper. */
import { html, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { Agent, Mode, Verdict } from "../api/board";
import { lowerHand } from "../api/commands";
import { board } from "../live/live";
import { since } from "../live/since";
import { LightElement } from "../shell/light-element";
import { announce, complain } from "../shell/notices";
import { t } from "../text/text";
import { callText, reasonText, statusText } from "../text/wording";
import { handVerdict } from "../view/action";
import { icon, shape } from "../view/shapes";
import type { Wish } from "../windows/window-host";

const MODES: readonly Mode[] = ["monitor", "whisper"];

@customElement("hands-list")
export class HandsList extends LightElement {
  @property({ attribute: false }) agents: readonly Agent[] = [];
  /** the selected queue, which a supervisor needs */
  @property({ attribute: false }) queue: string | null = null;

  private async lower(agent: Agent): Promise<void> {
    try {
      await lowerHand(agent.agent, this.queue);
      announce(t("hands.lowered", { name: agent.name }));
    } catch (error) {
      complain(error);
    }
  }

  /** Without a phone of one's own the window says so. */
  private listen(agent: Agent, mode: Mode): void {
    this.tell("open-window", { agent: agent.agent, control: "status", kind: "monitor", mode } satisfies Wish);
  }

  protected override render(): TemplateResult {
    if (!this.agents.length) return html`<p class="muted empty">${t(board.loaded ? "hands.none" : "loading")}</p>`;
    return html`<ol>
      ${repeat(
        this.agents,
        (agent) => agent.agent,
        (agent) => this.row(agent),
      )}
    </ol>`;
  }

  private row(agent: Agent): TemplateResult {
    const { call, status, hand_since: raised, name } = agent;
    return html`<li>
      <span class="who">${icon("hand")}<b>${name}</b></span>
      <span class="time">${since(raised ?? null)}</span>
      <span class="where muted"
        ><span data-color=${status.color} class="plain">${shape(status.shape)} ${statusText(status)}</span> ${call ? callText(call) : ""}</span
      >
      <span class="acts">
        ${MODES.map((mode) => this.button(agent, t(`mode.${mode}`), agent.may[mode], () => this.listen(agent, mode)))}
        ${this.button(agent, t("hands.lower"), handVerdict(agent), () => void this.lower(agent))}
      </span>
    </li>`;
  }

  private button(agent: Agent, text: string, verdict: Verdict, act: () => void): TemplateResult {
    const why = reasonText(verdict);
    return html`<button
      type="button"
      aria-disabled=${verdict.ok ? "false" : "true"}
      aria-label=${why ? `${text} (${agent.name}) – ${why}` : `${text} (${agent.name})`}
      data-tip=${why || text}
      @click=${() => {
        if (verdict.ok) act();
      }}
    >
      ${text}
    </button>`;
  }
}
