import { beforeAll, expect, test, vi } from "vitest";
import { useLocale } from "./text";
import { auditCauseText, listenerText } from "./wording";

beforeAll(async () => {
  vi.stubGlobal("document", { documentElement: { lang: "" } });
  await useLocale("en");
});

test.each([
  ["stopped", "Ended by the supervisor in the panel."],
  ["USER_BUSY", "The phone was busy."],
  ["wrong_password", "The current password is wrong"],
  ["permission_denied", "No permission"],
  ["-ERR no such thing", "Another cause: -ERR no such thing"],
])("audit_cause_%s_then_is_a_sentence", (cause, text) => {
  expect(auditCauseText(cause)).toBe(text);
});

test("listener_when_on_another_call_than_the_row_shows_then_said", () => {
  const one = { id: "s", login: "sato", name: "Sato", mode: "monitor" as const, state: "listening" };
  expect(listenerText(one)).toBe("Sato (Monitor)");
  expect(listenerText({ ...one, other_call: true })).toBe("Sato (Monitor, on the other call)");
});
