/** Puts a pop-over menu under the control that opens it. */

/** A `beforetoggle` handler: places the menu under the element with this id, inside the window. */
export function placeUnder(buttonId: string): (event: Event) => void {
  return (event) => {
    const menu = event.target as HTMLElement;
    const button = document.getElementById(buttonId);
    if (!button || (event as ToggleEvent).newState !== "open") return;
    const box = button.getBoundingClientRect();
    menu.style.top = `${box.bottom + 4}px`;
    // The menu has no size before it is shown: hang it on the nearer edge.
    if (box.left + box.width / 2 > window.innerWidth / 2) {
      menu.style.right = `${Math.max(8, window.innerWidth - box.right)}px`;
      menu.style.left = "auto";
    } else {
      menu.style.left = `${Math.max(8, box.left)}px`;
      menu.style.right = "auto";
    }
  };
}
