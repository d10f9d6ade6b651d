import { expect, test } from "vitest";
import { tokenWish } from "./token-wish";

const wish = (values: Record<string, string>): unknown => tokenWish((name) => values[name] ?? "");

test("token_without_limits_then_none_are_sent", () => {
  expect(wish({ name: "board", days: "30", right: "view" })).toEqual({ name: "board", days: 30 });
});

test("token_for_some_queues_then_each_has_the_right_chosen", () => {
  expect(wish({ name: "x", days: "1", role: "user", right: "view", queues: "a@default、b@default" })).toEqual({
    name: "x",
    days: 1,
    role: "user",
    queues: { "a@default": "view", "b@default": "view" },
  });
});
