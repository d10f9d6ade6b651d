/**
 * The one tooltip of the page. Shows `data-tip` of what is pointed at or focused; Escape hides it.
 * It is for the eye only: what it says stands in hidden text too, joined by aria-describedby.
 */

let tip: HTMLElement | null = null;
let owner: HTMLElement | null = null;

/** Makes the tooltip and listens on the whole page; once. */
export function startTooltips(): void {
  tip = document.createElement("div");
  tip.className = "tip";
  tip.setAttribute("popover", "manual");
  tip.setAttribute("aria-hidden", "true");
  document.body.append(tip);
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "mouse") follow(event.target);
  });
  document.addEventListener("focusin", (event) => {
    if (event.target instanceof HTMLElement && event.target.matches(":focus-visible")) follow(event.target);
  });
  document.addEventListener("focusout", hide);
  document.addEventListener("scroll", hide, { capture: true, passive: true });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });
  // Touch has no hover: a tap on something that is not allowed says why.
  document.addEventListener("click", (event) => {
    follow(event.target);
  });
}

function follow(target: EventTarget | null): void {
  const next = target instanceof Element ? target.closest<HTMLElement>("[data-tip]") : null;
  if (next === owner || target === tip) return;
  hide();
  const text = next?.dataset.tip;
  if (next && text) show(next, text);
}

function show(over: HTMLElement, text: string): void {
  if (!tip) return;
  owner = over;
  tip.textContent = text;
  // Inside an open dialog the tooltip must be newer in the top layer than the dialog.
  tip.showPopover();
  const box = over.getBoundingClientRect();
  const own = tip.getBoundingClientRect();
  const left = Math.min(Math.max(8, box.left), window.innerWidth - own.width - 8);
  const below = box.bottom + 6;
  const top = below + own.height > window.innerHeight ? box.top - own.height - 6 : below;
  tip.style.left = `${left}px`;
  tip.style.top = `${top}px`;
}

function hide(): void {
  owner = null;
  if (tip?.matches(":popover-open")) tip.hidePopover();
}
