/** Filters of a page of rows, in the address bar and in its form. Pure. */

const TIMES = ["since", "before"] as const;

/** A half-open span in epoch seconds and texts by name; what is left out is «any». */
export type Filters<T extends string> = { since?: number; before?: number } & Partial<Record<T, string>>;

/** Filters out of an address or a form; times as `2026-11-24T09:00`, local. What is empty or no time is left out. */
export function readFilters<T extends string>(texts: readonly T[], value: (name: string) => string): Filters<T> {
  const filters: Partial<Record<string, string | number>> = {};
  for (const name of texts) {
    const text = value(name).trim();
    if (text) filters[name] = text;
  }
  for (const name of TIMES) {
    const at = new Date(value(name)).getTime() / 1000;
    if (Number.isFinite(at) && at >= 0) filters[name] = at;
  }
  return filters as Filters<T>;
}

/** Filters as a query string of the page's address, with its `?`. */
export function writeFilters<T extends string>(texts: readonly T[], filters: Filters<T>): string {
  const values = new URLSearchParams();
  for (const name of TIMES) {
    const at = filters[name];
    if (at !== undefined) values.set(name, localTime(at));
  }
  for (const name of texts) {
    const text = filters[name];
    if (text) values.set(name, text);
  }
  const written = values.toString().replaceAll("%40", "@").replaceAll("%3A", ":");
  return written ? "?" + written : "";
}

/** Epoch seconds as a value of a `datetime-local` field. */
export function localTime(at: number): string {
  const date = new Date(at * 1000);
  const two = (n: number): string => String(n).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}
