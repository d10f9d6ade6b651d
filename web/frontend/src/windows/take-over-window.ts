/** Asks before a call is taken over: the agent's leg ends by it. */
import { html, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { takeOver } from "../api/commands";
import { problemBox } from "../shell/parts";
import { t } from "../text/text";
import type { ProblemText } from "../text/wording";
import { WindowElement } from "./window-element";

@customElement("take-over-window")
export class TakeOverWindow extends WindowElement {
  /** id of the supervision */
  @property() supervision = "";
  /** name of the agent */
  @property() name = "";
  @state() private pending = false;
  @state() private problem: ProblemText | null = null;

  private async confirmed(): Promise<void> {
    this.pending = true;
    this.problem = null;
    try {
      await takeOver(this.supervision);
      this.close();
    } catch (error) {
      this.problem = this.wentWrong(error);
    } finally {
      this.pending = false;
    }
  }

  protected override render(): TemplateResult {
    return this.frame(
      t("supervision.takeover.title"),
      html`<div class="content">
        <p class="question" id="question">${t("supervision.takeover.text", { agent: this.name })}</p>
        ${problemBox(this.problem)}
        <footer>
          <span role="status" class=${this.pending ? "busy" : ""}>${this.pending ? t("window.status.pending") : ""}</span>
          <button type="button" data-first @click=${this.close}>${t("cancel")}</button>
          <button type="button" class="primary" aria-describedby="question" ?disabled=${this.pending} @click=${this.confirmed}>
            ${t("ok")}
          </button>
        </footer>
      </div>`,
    );
  }
}
