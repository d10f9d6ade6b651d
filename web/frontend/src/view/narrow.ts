/** Is the window so small that the panel shows cards and the page itself scrolls? One question for all who ask. */

/** Narrow, or so low that a table with its own scroll bar would show next to nothing; as in the style sheets. */
const query = window.matchMedia("(max-width: 719px), (max-height: 479px)");

export function isNarrow(): boolean {
  return query.matches;
}

/** Calls `listener` when it changes; returns what ends it. */
export function onNarrow(listener: () => void): () => void {
  query.addEventListener("change", listener);
  return () => {
    query.removeEventListener("change", listener);
  };
}
