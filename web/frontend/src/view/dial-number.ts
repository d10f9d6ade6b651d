/** Dial codes as people type them. Pure. */

/** «００１０» and « 0010 » as «0010»; the server judges the rest. */
export function plainNumber(typed: string): string {
  return typed.normalize("NFKC").trim();
}
