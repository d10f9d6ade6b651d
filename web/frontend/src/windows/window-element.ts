/** Base of the windows: a modal dialog that Escape and «cancel» close. */
import { html, type TemplateResult } from "lit";
import { query } from "lit/decorators.js";
import { LightElement } from "../shell/light-element";
import { complain } from "../shell/notices";
import { t } from "../text/text";
import { problemText, type ProblemText } from "../text/wording";
import { icon } from "../view/shapes";

export abstract class WindowElement extends LightElement {
  @query("dialog") protected readonly dialog!: HTMLDialogElement;

  protected override firstUpdated(): void {
    this.dialog.showModal();
    this.dialog.querySelector<HTMLElement>("[autofocus], [data-first]")?.focus();
  }

  /** Closes the window; whoever opened it takes it off the page and puts the focus back. */
  protected close(): void {
    this.dialog.close();
  }

  /** The window is closed, by whatever means. */
  protected closed(): void {
    this.tell("window-closed");
  }

  /** What went wrong, to be said in the window; where it was closed meanwhile it is said in the corner, as success is. */
  protected wentWrong(error: unknown): ProblemText | null {
    if (this.isConnected && this.dialog.open) return problemText(error);
    complain(error);
    return null;
  }

  protected frame(title: string, content: unknown): TemplateResult {
    return html`<dialog aria-labelledby="window-title" @close=${this.closed}>
      <header>
        <h2 id="window-title">${title}</h2>
        <button type="button" class="quiet square" aria-label=${t("close")} @click=${this.close}>${icon("cross")}</button>
      </header>
      ${content}
    </dialog>`;
  }
}
