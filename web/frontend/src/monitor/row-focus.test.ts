import { expect, test } from "vitest";
import { target } from "./row-focus";

test.each([
  ["ArrowDown", 0, 1],
  ["ArrowDown", 99, 99],
  ["ArrowUp", 0, 0],
  ["PageDown", 85, 95],
  ["PageDown", 95, 99],
  ["PageUp", 5, 0],
  ["Home", 50, 0],
  ["End", 50, 99],
])("key_%s_on_row_%d_of_100_then_row_%d", (key, at, to) => {
  expect(target(key, at, 100)).toBe(to);
});

test("key_that_means_nothing_here_then_is_left_to_the_browser", () => {
  expect(target("a", 5, 100)).toBeNull();
  expect(target("ArrowDown", 0, 0)).toBeNull();
});
