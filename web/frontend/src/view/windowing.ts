/** Which rows of a long list are drawn. Pure. */

export interface Range {
  /** first row drawn */
  start: number;
  /** row after the last one drawn */
  end: number;
}

/** Rows that a viewport of `height` px shows when the list begins `above` px over its upper edge, with some to spare. */
export function visible(above: number, height: number, rowHeight: number, count: number, spare = 6): Range {
  if (rowHeight <= 0 || count <= 0) return { start: 0, end: 0 };
  const start = Math.max(0, Math.floor(above / rowHeight) - spare);
  const end = Math.min(count, Math.ceil((above + height) / rowHeight) + spare);
  return { start: Math.min(start, Math.max(0, count - 1)), end: Math.max(end, 0) };
}

/** What to draw from top to bottom: rows, and gaps that stand for rows left out. */
export type Piece = { rows: Range } | { gap: number };

/**
 * Pieces for a range and one row that must stay drawn wherever it is (the focus would be lost with it).
 * The gaps and rows together always make up `count` rows.
 */
export function pieces(range: Range, count: number, pinned: number | null): Piece[] {
  const shown: Range[] = range.end > range.start ? [range] : [];
  if (pinned !== null && pinned >= 0 && pinned < count) {
    if (pinned < range.start) shown.unshift({ start: pinned, end: pinned + 1 });
    else if (pinned >= range.end) shown.push({ start: pinned, end: pinned + 1 });
  }
  const out: Piece[] = [];
  let at = 0;
  for (const rows of shown) {
    if (rows.start > at) out.push({ gap: rows.start - at });
    out.push({ rows });
    at = rows.end;
  }
  if (count > at) out.push({ gap: count - at });
  return out;
}
