/** Short notices in the corner, read out by screen readers. */
import { html, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { t } from "../text/text";
import { problemText } from "../text/wording";
import { icon } from "../view/shapes";
import { LightElement } from "./light-element";

interface Notice {
  id: number;
  text: string;
  bad: boolean;
}

const GOOD_MS = 6000;
const MOST = 4;

let add: ((text: string, bad: boolean) => void) | null = null;

/** Says that something was done. */
export function announce(text: string): void {
  add?.(text, false);
}

/** Says that something failed; stays until it is closed. */
export function complain(error: unknown): void {
  const { title, detail } = problemText(error);
  add?.(detail ? `${title} — ${detail}` : title, true);
}

@customElement("notice-region")
export class NoticeRegion extends LightElement {
  @state() private notices: Notice[] = [];
  private last = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    add = (text, bad) => {
      const id = ++this.last;
      this.notices = [...this.notices, { id, text, bad }].slice(-MOST);
      if (!bad) window.setTimeout(() => this.drop(id), GOOD_MS);
    };
  }

  private drop(id: number): void {
    this.notices = this.notices.filter((notice) => notice.id !== id);
  }

  protected override render(): TemplateResult {
    return html`<div class="notices" role="status" aria-label=${t("toast.region")}>
      ${repeat(
        this.notices,
        (notice) => notice.id,
        (notice) =>
          html`<div class="card notice ${notice.bad ? "bad" : ""}">
            <p>${notice.text}</p>
            <button type="button" class="quiet square" aria-label=${t("close")} @click=${() => this.drop(notice.id)}>
              ${icon("cross")}
            </button>
          </div>`,
      )}
    </div>`;
  }
}
