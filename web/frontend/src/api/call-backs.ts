/** Call-back dialling: one's own outside phone rings first, then the customer's. */
import { path, request } from "./http";

export type CallBackState = "ringing_you" | "calling_customer" | "talking" | "ended" | "failed";

export interface CallBack {
  id: string;
  number: string;
  state: CallBackState;
  /** where it failed, who did not come */
  party: "" | "agent" | "customer";
  cause: string | null;
  asked_at: number;
  since: number | null;
  ended_at: number | null;
}

export const startCallBack = (number: string): Promise<{ id: string; state: CallBackState }> =>
  request("POST", "/call-backs", { body: { number } });

/** The one of now, or of the last minute. */
export const readCallBack = async (): Promise<CallBack | null> => {
  const { call_backs } = await request<{ call_backs: CallBack[] }>("GET", "/call-backs");
  return call_backs[0] ?? null;
};

export const cancelCallBack = (id: string): Promise<void> => request("DELETE", path("call-backs", id));
