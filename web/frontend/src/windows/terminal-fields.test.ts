import { expect, test } from "vitest";
import { terminalBody } from "../api/commands";
import { agent } from "../testing/agents";
import { ownExtension, terminalChanged, terminalNow } from "./terminal-fields";

const inside = agent("1001@default", { terminal: "1001", terminal_kind: "extension", terminal_extension: "1001" });
const outside = agent("1002@default", { terminal: "09012345678", terminal_kind: "external", terminal_number: "09012345678" });
const both = agent("1003@default", {
  terminal: "1003 + 09012345678",
  terminal_kind: "both",
  terminal_extension: "1003",
  terminal_number: "09012345678",
  terminal_delay_s: 7,
  terminal_confirm: false,
});

test("own_extension_of_who_is_rung_outside_then_is_the_user_part_of_the_agents_name", () => {
  expect(ownExtension(inside)).toBe("1001");
  expect(ownExtension(outside)).toBe("1002");
  expect(ownExtension(agent("sato@default", { terminal_kind: "other" }))).toBeNull();
});

test("terminal_as_it_is_then_is_no_change", () => {
  for (const row of [inside, outside, both]) expect(terminalChanged(row, terminalNow(row))).toBe(false);
});

test("terminal_of_another_kind_number_delay_or_key_then_is_a_change", () => {
  const now = terminalNow(inside);
  expect(terminalChanged(inside, { ...now, kind: "external", number: "0312345678" })).toBe(true);
  expect(terminalChanged(outside, { ...terminalNow(outside), kind: "extension" })).toBe(true);
  expect(terminalChanged(outside, { ...terminalNow(outside), number: "0312345678" })).toBe(true);
  expect(terminalChanged(both, { ...terminalNow(both), delay: 8 })).toBe(true);
  expect(terminalChanged(both, { ...terminalNow(both), confirm: true })).toBe(true);
  expect(terminalChanged(inside, { ...now, kind: "original" })).toBe(true);
  // An outside number left empty is asked for, so that the refusal can say what is missing.
  expect(terminalChanged(inside, { ...now, kind: "external", number: "" })).toBe(true);
});

test("terminal_body_then_holds_what_its_kind_needs_and_the_key_only_where_it_was_changed", () => {
  const wish = { ...terminalNow(both), number: " 09012345678 " };
  expect(terminalBody(wish, "q", false)).toEqual({ kind: "both", extension: "1003", number: "09012345678", delay_s: 7, queue: "q" });
  expect(terminalBody({ ...wish, kind: "extension" }, null, false)).toEqual({ kind: "extension", number: "1003" });
  expect(terminalBody({ ...wish, kind: "external" }, null, true)).toEqual({ kind: "external", number: "09012345678", confirm: false });
  expect(terminalBody({ ...wish, kind: "original" }, null, false)).toEqual({ kind: "original" });
});
