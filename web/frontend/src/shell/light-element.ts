/** Base of all elements: drawn into the page itself (one style sheet, forms that password managers see), in the reader's language. */
import { LitElement } from "lit";
import { onLocale } from "../text/text";

export class LightElement extends LitElement {
  private endings: (() => void)[] = [];

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.whileConnected(
      onLocale(() => {
        this.requestUpdate();
      }),
    );
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const end of this.endings) end();
    this.endings = [];
  }

  /** Keeps what ends a subscription, to be called when the element leaves the page. */
  protected whileConnected(...endings: (() => void)[]): void {
    this.endings.push(...endings);
  }

  /** Tells the elements around this one. */
  protected tell(name: string, detail?: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }
}
