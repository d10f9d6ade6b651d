/** Asks before something that cannot be undone. */
import { html, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { t } from "../text/text";
import { WindowElement } from "../windows/window-element";

@customElement("confirm-window")
export class ConfirmWindow extends WindowElement {
  @property() heading = "";
  @property() text = "";
  /** what the button says that does it */
  @property() act = "";

  private confirmed(): void {
    this.close();
    this.tell("confirmed");
  }

  protected override render(): TemplateResult {
    return this.frame(
      this.heading,
      html`<div class="content">
        <p class="question" id="question">${this.text}</p>
        <footer>
          <button type="button" data-first @click=${this.close}>${t("cancel")}</button>
          <button type="button" class="danger" aria-describedby="question" @click=${this.confirmed}>${this.act}</button>
        </footer>
      </div>`,
    );
  }
}
