/** The window that an agent's name opens. */
import { html, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { t } from "../text/text";
import "./agent-detail";
import { AgentWindow } from "./agent-window";

@customElement("detail-window")
export class DetailWindow extends AgentWindow {
  protected override render(): TemplateResult {
    return this.frame(
      this.name(),
      html`<div class="content">
        <agent-detail .agent=${this.agent}></agent-detail>
        <footer><button type="button" @click=${this.close}>${t("close")}</button></footer>
      </div>`,
    );
  }
}
