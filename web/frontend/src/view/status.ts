/** What kind of status a code is, and the order in which statuses are listed. */

/** Made by calls only, in the board's order; the rest is chosen by people. */
export const CALL_CODES = [
  "ringing",
  "queue_call",
  "on_hold",
  "outbound_call",
  "external_call",
  "internal_call",
  "other_queue_call",
] as const;

const CHOSEN_CODES = ["available", "wrap_up", "on_break", "away", "logged_out"];

const calls: ReadonlySet<string> = new Set<string>(CALL_CODES);

/** Is it a status that people choose, so that a click opens the status window? */
export function isChosen(code: string): boolean {
  return !calls.has(code);
}

/** A ringing or talking agent's click opens the monitoring window. */
export function isCall(code: string): boolean {
  return calls.has(code) && code !== "ringing";
}

/** Rank for sorting and for the list of filters: calls first, log-off last, the site's own before it. */
export function statusRank(code: string): number {
  const call = (CALL_CODES as readonly string[]).indexOf(code);
  if (call >= 0) return call;
  const chosen = CHOSEN_CODES.indexOf(code);
  if (code === "logged_out") return 100;
  return chosen >= 0 ? 10 + chosen : 50;
}

/** The codes that every site has. */
export const KNOWN_CODES: readonly string[] = [...CALL_CODES, ...CHOSEN_CODES];

/** How the statuses that calls make look, for the legend while no agent has one; as the server sends them. */
export const CALL_LOOKS: readonly { code: string; label: string; shape: string; color: string }[] = [
  { code: "ringing", label: "", shape: "bell", color: "cyan" },
  { code: "queue_call", label: "", shape: "diamond", color: "blue" },
  { code: "on_hold", label: "", shape: "pause", color: "rose" },
  { code: "outbound_call", label: "", shape: "arrow-up", color: "indigo" },
  { code: "external_call", label: "", shape: "arrow-down", color: "indigo" },
  { code: "internal_call", label: "", shape: "arrows", color: "teal" },
  { code: "other_queue_call", label: "", shape: "diamond-ring", color: "blue" },
];
