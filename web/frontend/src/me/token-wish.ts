/** What the form for a new token asks for. Pure. */
import type { Right, TokenWish } from "../api/accounts";
import type { Role } from "../api/session";

/** Days that a token lives unless somebody says otherwise. */
export const DAYS = 90;

/** What the form asks for; limits that are left empty are none. */
export function tokenWish(text: (name: string) => string): TokenWish {
  const queues = text("queues").split(/[,、\s]+/).filter(Boolean);
  const right = text("right") as Right;
  const role = text("role");
  return {
    name: text("name").trim(),
    days: Number(text("days")) || DAYS,
    ...(role ? { role: role as Role } : {}),
    ...(queues.length ? { queues: Object.fromEntries(queues.map((queue) => [queue, right])) } : {}),
  };
}
