import { expect, test } from "vitest";
import { agent } from "../testing/agents";
import { ownExtension, terminalChanged, terminalNow } from "./terminal-fields";

const inside = agent("1001@default", { terminal: "1001", terminal_kind: "extension" });
const outside = agent("1002@default", { terminal: "09012345678", terminal_kind: "external" });

test("own_extension_of_who_is_rung_outside_then_is_the_user_part_of_the_agents_name", () => {
  expect(ownExtension(inside)).toBe("1001");
  expect(ownExtension(outside)).toBe("1002");
  expect(ownExtension(agent("sato@default", { terminal_kind: "other" }))).toBeNull();
});

test("terminal_as_it_is_then_is_no_change", () => {
  for (const row of [inside, outside]) expect(terminalChanged(row, terminalNow(row))).toBe(false);
  expect(terminalChanged(inside, { kind: "extension", number: " 1001 " })).toBe(false);
});

test("terminal_of_another_kind_or_number_then_is_a_change", () => {
  expect(terminalChanged(inside, { kind: "external", number: "0312345678" })).toBe(true);
  expect(terminalChanged(outside, { kind: "extension", number: "1002" })).toBe(true);
  expect(terminalChanged(outside, { kind: "external", number: "0312345678" })).toBe(true);
  // An outside number left empty is asked for, so that the refusal can say what is missing.
  expect(terminalChanged(inside, { kind: "external", number: "" })).toBe(true);
});
