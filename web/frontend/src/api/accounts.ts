/** Accounts, their rights on queues, their sessions; for administrators. And one's own sessions and tokens. */
import type { DialLogin } from "./dial";
import { path, query, request } from "./http";
import type { Role } from "./session";

export type Right = "none" | "view" | "edit";

export interface Account {
  login: string;
  name: string;
  role: Role;
  locale: string;
  agent: string | null;
  extensions: string[];
  grants: Record<string, string>;
  must_change_password: boolean;
  disabled: boolean;
  second_factor?: boolean;
  dial_id: string;
  /** when the dial password was made; null for none */
  dial_password_at: number | null;
  created_at: number;
  password_changed_at: number;
}

export interface AccountWish {
  login?: string;
  name: string;
  role: Role;
  locale: string;
  agent: string | null;
  extensions: string[];
  disabled?: boolean;
  password?: string;
}

export interface SessionRow {
  id: number;
  created_at: number;
  seen_at: number;
  address: string;
  user_agent: string;
  present: boolean;
}

export interface Token {
  id: number;
  name: string;
  created_at: number;
  expires_at: number;
  used_at: number | null;
  role: Role | null;
  queues: Record<string, string> | null;
  actions: string[] | null;
}

export interface TokenWish {
  name: string;
  days: number;
  role?: Role;
  queues?: Record<string, Right>;
}

export const readAccounts = (cursor: string): Promise<{ accounts: Account[]; next: string | null }> =>
  request("GET", "/accounts" + query({ cursor }));

export const readAccount = (login: string): Promise<Account> => request("GET", path("accounts", login));

/** The new account's dial password is in this answer only. */
export const addAccount = (wish: AccountWish): Promise<Account & DialLogin> => request("POST", "/accounts", { body: wish });

export const changeAccount = (login: string, wish: AccountWish): Promise<Account> =>
  request("PATCH", path("accounts", login), { body: wish });

export const removeAccount = (login: string): Promise<void> => request("DELETE", path("accounts", login));

export const grant = (login: string, queue: string, right: Right): Promise<Account> =>
  request("PUT", path("accounts", login, "grants", queue), { body: { right } });

/** Sessions of an account; of one's own without a login. */
export const readSessions = (login: string | null): Promise<{ sessions: SessionRow[] }> =>
  request("GET", login === null ? "/session/sessions" : path("accounts", login, "sessions"));

export const endSession = (login: string | null, id: number): Promise<void> =>
  request("DELETE", login === null ? path("session", "sessions", String(id)) : path("accounts", login, "sessions", String(id)));

export const readTokens = (): Promise<{ tokens: Token[] }> => request("GET", "/session/tokens");

export const addToken = (wish: TokenWish): Promise<Token & { token: string }> =>
  request("POST", "/session/tokens", { body: wish });

export const removeToken = (id: number): Promise<void> => request("DELETE", path("session", "tokens", String(id)));
