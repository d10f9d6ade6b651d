/** Which pages there are, for whom, and how a link changes from one to another without loading anew. */
import type { Role } from "../api/session";

export type Page = "monitor" | "queues" | "activity" | "accounts" | "settings" | "audit" | "me";

export interface Route {
  page: Page;
  /** what follows the page in the address: the login of an account, the name of a queue */
  rest: string;
}

const PAGES: Record<Role, readonly Page[]> = {
  administrator: ["monitor", "queues", "activity", "accounts", "settings", "audit", "me"],
  supervisor: ["monitor", "queues", "activity", "me"],
  user: ["me", "activity"],
};

/** The pages that a role has; the first is where it lands. The server decides what they may do. */
export function pagesFor(role: Role): readonly Page[] {
  return PAGES[role];
}

/** The page that an address means. */
export function route(path: string = window.location.pathname): Route {
  const [first = "", rest = ""] = path.replace(/^\/+/, "").split("/");
  const page = (["queues", "activity", "accounts", "settings", "audit", "me"] as const).find((one) => one === first) ?? "monitor";
  return { page, rest: decode(rest) };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // A broken escape in an address typed by hand is no account.
    return "";
  }
}

/** Goes to another address of the panel. */
export function goTo(address: string): void {
  window.history.pushState(null, "", address);
  window.dispatchEvent(new PopStateEvent("popstate"));
}

/** Click handler of a link inside the panel; other buttons and keys are left to the browser. */
export function go(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  const { pathname, search } = event.currentTarget as HTMLAnchorElement;
  goTo(pathname + search);
}
