/** Who is logged in: log in, log out, own password, own language. */
import { request } from "./http";

export type Role = "administrator" | "supervisor" | "user";

export interface Session {
  login: string;
  name: string;
  role: Role;
  locale: string;
  extensions: string[];
  agent?: string | null;
  must_change_password?: boolean;
  practice?: boolean;
  second_factor?: boolean;
  dial_id?: string;
  dial_password_at?: number | null;
  /** queue → right; an administrator holds every queue without */
  grants?: Record<string, string>;
}

export const readSession = (): Promise<Session> => request("GET", "/session", { open: true });

export const logIn = (login: string, password: string, code: string): Promise<Session> =>
  request("POST", "/session", { body: code ? { login, password, code } : { login, password }, open: true });

export const logOut = (): Promise<void> => request("DELETE", "/session", { open: true });

export const changeLocale = (locale: string): Promise<Session> => request("PATCH", "/session", { body: { locale } });

export const changePassword = (current: string, password: string): Promise<Session> =>
  request("PUT", "/session/password", { body: { current, password } });
