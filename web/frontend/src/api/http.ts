/** The one way to the server: JSON in and out, refusals as `Problem`, a time limit on every request. */

import { locale } from "../text/text";

/** A refusal in the server's words (RFC 9457), or a failure on the way to it (`id` is then `network` or `timeout`). */
export class Problem extends Error {
  constructor(
    readonly id: string,
    readonly status: number,
    readonly title: string,
    readonly detail = "",
    readonly cause_: string | null = null,
    readonly retryAfterS: number | null = null,
  ) {
    super(title || id);
    this.name = "Problem";
  }
}

const ROOT = "/api/v1";
/** Longer than any command's own deadline, so that the server's answer wins. */
const LIMIT_MS = 20_000;

let onLoggedOut: (() => void) | null = null;

/** Sets what is to happen when the server says that nobody is logged in. */
export function whenLoggedOut(act: () => void): void {
  onLoggedOut = act;
}

export interface Options {
  body?: unknown;
  /** a 401 is an ordinary answer here (log-in, the first look for a session) */
  open?: boolean;
}

/** Sends a request and returns the parsed answer; throws `Problem` on anything but success. */
export async function request<T>(method: string, path: string, options: Options = {}): Promise<T> {
  const answer = await send(method, path, options);
  if (answer.ok) return (answer.status === 204 ? undefined : await answer.json()) as T;
  const problem = await readProblem(answer);
  if (answer.status === 401 && !options.open) onLoggedOut?.();
  throw problem;
}

async function send(method: string, path: string, options: Options): Promise<Response> {
  // Refusals come in the account's language; before the log-in in the one chosen on the page.
  const headers: Record<string, string> = {
    Accept: "application/json, application/problem+json",
    "Accept-Language": locale(),
  };
  const init: RequestInit = { method, headers, credentials: "same-origin", signal: AbortSignal.timeout(LIMIT_MS) };
  if (options.body !== undefined) {
    headers["Content-Type"] = "application/json";
    init.body = JSON.stringify(options.body);
  }
  try {
    return await fetch(ROOT + path, init);
  } catch (error) {
    const late = error instanceof DOMException && error.name === "TimeoutError";
    throw new Problem(late ? "timeout" : "network", 0, "");
  }
}

async function readProblem(answer: Response): Promise<Problem> {
  const wait = Number(answer.headers.get("Retry-After"));
  const retryAfter = Number.isFinite(wait) && wait > 0 ? wait : null;
  try {
    const body = (await answer.json()) as Record<string, unknown>;
    return new Problem(
      text(body.id) || "unknown",
      answer.status,
      text(body.title),
      text(body.detail),
      text(body.cause) || null,
      retryAfter,
    );
  } catch {
    return new Problem("unknown", answer.status, "", "", null, retryAfter);
  }
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** A path with each part escaped: `path("agents", "1001@default", "status")`. */
export function path(...parts: string[]): string {
  return "/" + parts.map(encodeURIComponent).join("/");
}

/** A query string from what is set: empty values are left out. */
export function query(values: Record<string, string | number | null | undefined>): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(values)) {
    if (value !== null && value !== undefined && value !== "") search.set(key, String(value));
  }
  const written = search.toString();
  return written ? "?" + written : "";
}
