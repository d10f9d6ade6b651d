/** Times of day as people type them. Pure. */

/** The next moment (epoch s) at which local clocks show `HH:MM`; null for what is no time of day. */
export function nextAt(text: string, now: number): number | null {
  const found = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text);
  if (!found) return null;
  const date = new Date(now * 1000);
  date.setHours(Number(found[1]), Number(found[2]), 0, 0);
  if (date.getTime() <= now * 1000) date.setDate(date.getDate() + 1);
  return date.getTime() / 1000;
}

/** Local `HH:MM` of a moment. */
export function timeOf(at: number): string {
  const date = new Date(at * 1000);
  const two = (n: number): string => String(n).padStart(2, "0");
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
}
