/** The way in by a phone's keypad: dial IDs and passwords, dial codes, numbers with a function. */
import { path, request } from "./http";

/** A new dial password; told this once. */
export interface DialLogin {
  dial_id: string;
  dial_password: string;
}

export const FUNCTIONS = [
  "sign_in",
  "sign_in_extension",
  "sign_out",
  "status_menu",
  "set_status",
  "status_readback",
  "listen",
  "raise_hand",
  "lower_hand",
] as const;
export type DialFunction = (typeof FUNCTIONS)[number];

export const OUTSIDE_FUNCTIONS = ["sign_in", "sign_out", "status_menu"] as const;
export type OutsideFunction = (typeof OUTSIDE_FUNCTIONS)[number];

export interface DialCode {
  number: string;
  function: DialFunction;
  /** what a direct code sets */
  status: string | null;
  in_use: boolean;
}

export interface DialNumber {
  number: string;
  function: OutsideFunction;
}

/** For administrators: a new dial password for anybody. */
export const renewDial = (login: string): Promise<DialLogin> => request("POST", path("accounts", login, "dial-password"));

/** For oneself, with one's own password. */
export const renewOwnDial = (password: string): Promise<DialLogin> =>
  request("POST", "/session/dial-password", { body: { password } });

export const readDialCodes = (): Promise<{ codes: DialCode[] }> => request("GET", "/dial-codes");

export const changeDialCodes = (codes: readonly DialCode[]): Promise<{ codes: DialCode[] }> =>
  request("PUT", "/dial-codes", { body: { codes } });

export const readDialNumbers = (): Promise<{ numbers: DialNumber[] }> => request("GET", "/dial-numbers");

export const changeDialNumbers = (numbers: readonly DialNumber[]): Promise<{ numbers: DialNumber[] }> =>
  request("PUT", "/dial-numbers", { body: { numbers } });
