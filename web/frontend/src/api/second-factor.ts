/** One's own second factor: codes of an authenticator app. */
import { path, request } from "./http";

export interface SecondFactor {
  on: boolean;
  since: number | null;
  recovery_codes_left: number;
}

export interface RecoveryCodes {
  recovery_codes: string[];
}

const ROOT = "/session/second-factor";

export const readSecondFactor = (): Promise<SecondFactor> => request("GET", ROOT);

/** Makes a new secret; nothing is on before its first code has been confirmed. */
export const beginSecondFactor = (password: string): Promise<{ secret: string; uri: string }> =>
  request("POST", ROOT, { body: { password } });

export const confirmSecondFactor = (code: string): Promise<RecoveryCodes> => request("PUT", ROOT, { body: { code } });

export const newRecoveryCodes = (password: string): Promise<RecoveryCodes> =>
  request("POST", ROOT + "/recovery-codes", { body: { password } });

export const removeSecondFactor = (password: string): Promise<void> => request("POST", ROOT + "/remove", { body: { password } });

/** For administrators: takes the second factor of somebody who has lost his. */
export const dropSecondFactor = (login: string): Promise<void> => request("DELETE", path("accounts", login, "second-factor"));
