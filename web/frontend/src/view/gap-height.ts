/** `<td ${gapHeight(px)}>`: a height set through the style object, because the page's CSP forbids style attributes. */
import { noChange } from "lit";
import { Directive, directive, type ElementPart } from "lit/directive.js";

class GapHeight extends Directive {
  private height = -1;

  override render(height: number): unknown {
    return height;
  }

  override update(part: ElementPart, [height]: [number]): unknown {
    if (height !== this.height) {
      this.height = height;
      (part.element as HTMLElement).style.height = `${height}px`;
    }
    return noChange;
  }
}

export const gapHeight = directive(GapHeight);
