import { beforeAll, expect, test, vi } from "vitest";
import { useLocale } from "../text/text";
import { callBackText, isLive } from "./call-back-text";

beforeAll(async () => {
  vi.stubGlobal("document", { documentElement: { lang: "" } });
  await useLocale("en");
});

const one = { state: "failed", party: "customer", cause: "USER_BUSY", number: "0312345678" } as const;

test("call_back_that_failed_then_says_who_did_not_come_and_why", () => {
  const told = [
    callBackText(one),
    callBackText({ ...one, party: "agent" }),
    callBackText({ ...one, cause: "lines_full" }),
    callBackText({ ...one, cause: "NO_ROUTE_DESTINATION" }),
    callBackText({ ...one, party: "agent", cause: "SOMETHING_ELSE" }),
  ];
  expect(new Set(told).size).toBe(5);
  expect(told.every((text) => !text.includes("{") && !text.includes("call_back."))).toBe(true);
  expect(told[0]).toContain("0312345678");
});

test("call_back_in_each_state_then_a_sentence_of_its_own", () => {
  const states = ["ringing_you", "calling_customer", "talking", "ended"] as const;
  const told = states.map((state) => callBackText({ ...one, state, party: "", cause: null }));
  const cancelled = callBackText({ ...one, state: "ended", party: "", cause: "cancelled" });
  expect(new Set([...told, cancelled]).size).toBe(5);
});

test.each([
  ["ringing_you", true],
  ["calling_customer", true],
  ["talking", true],
  ["ended", false],
  ["failed", false],
] as const)("call_back_%s_then_live_is_%s", (state, live) => {
  expect(isLive({ state })).toBe(live);
});

test("no_call_back_then_not_live", () => {
  expect(isLive(null)).toBe(false);
});
