/** Short notices in the corner, read out by screen readers. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { t } from "../text/text";
import { problemText } from "../text/wording";
import { icon } from "../view/shapes";
import { LightElement } from "./light-element";

/** What can be done about what a notice says. */
export interface NoticeAction {
  label: string;
  act: () => void;
}

interface Notice {
  id: number;
  text: string;
  bad: boolean;
  action: NoticeAction | null;
}

const GOOD_MS = 6000;
/** A notice that offers something stays longer, and while somebody is at it. */
const OFFER_MS = 20_000;
const MOST = 4;

let add: ((text: string, bad: boolean, action: NoticeAction | null) => void) | null = null;

/** Says that something was done; `action` is offered beside it. */
export function announce(text: string, action: NoticeAction | null = null): void {
  add?.(text, false, action);
}

/** Says that something failed; stays until it is closed. */
export function complain(error: unknown): void {
  const { title, detail } = problemText(error);
  add?.(detail ? `${title} — ${detail}` : title, true, null);
}

@customElement("notice-region")
export class NoticeRegion extends LightElement {
  @state() private notices: Notice[] = [];
  private last = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    add = (text, bad, action) => {
      const id = ++this.last;
      this.notices = [...this.notices, { id, text, bad, action }].slice(-MOST);
      if (!bad) this.dropLater(id, action ? OFFER_MS : GOOD_MS);
    };
  }

  private dropLater(id: number, ms: number): void {
    window.setTimeout(() => {
      const box = this.querySelector(`[data-notice="${id}"]`);
      if (box?.matches(":hover, :focus-within")) this.dropLater(id, GOOD_MS);
      else this.drop(id);
    }, ms);
  }

  private use(notice: Notice): void {
    this.drop(notice.id);
    notice.action?.act();
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
          html`<div class="card notice ${notice.bad ? "bad" : ""}" data-notice=${notice.id}>
            <p>${notice.text}</p>
            ${notice.action
              ? html`<button type="button" @click=${() => this.use(notice)}>${notice.action.label}</button>`
              : nothing}
            <button type="button" class="quiet square" aria-label=${t("close")} @click=${() => this.drop(notice.id)}>
              ${icon("cross")}
            </button>
          </div>`,
      )}
    </div>`;
  }
}
