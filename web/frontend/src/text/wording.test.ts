import { beforeAll, expect, test, vi } from "vitest";
import { useLocale } from "./text";
import { auditCauseText } from "./wording";

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
