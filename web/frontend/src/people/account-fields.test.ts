import { expect, test } from "vitest";
import { extensionsOf, wishOf } from "./account-fields";

test.each([
  ["", []],
  ["9001", ["9001"]],
  ["9001, 9002 9003", ["9001", "9002", "9003"]],
  ["９００１、9002", ["9001", "9002"]],
  ["9001,9001,", ["9001"]],
])("extensions_of_%j_then_%j", (text, list) => {
  expect(extensionsOf(text)).toEqual(list);
});

test.each(["abc", "9001;9002", "9001 -1", "+81312345678"])("extensions_of_%j_then_are_refused", (text) => {
  expect(extensionsOf(text)).toBeNull();
});

test("wish_without_an_agent_then_says_none", () => {
  const values: Record<string, string> = { name: " 佐藤 ", role: "user", locale: "ja", agent: " ", extensions: "" };
  expect(wishOf((name) => values[name] ?? "")).toEqual({
    name: "佐藤",
    role: "user",
    locale: "ja",
    agent: null,
    extensions: [],
  });
});
