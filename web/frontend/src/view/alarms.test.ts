import { expect, test } from "vitest";
import { agent } from "../testing/agents";
import { alarmIds, isOverLimit } from "./alarms";

test("alarms_of_a_status_with_a_limit_then_it_is_marked_from_that_moment_on", () => {
  const away = agent("a", { code: "away" });
  away.status.over_at = 600;
  expect(isOverLimit(away, 599.9)).toBe(false);
  expect(alarmIds(away, 599.9)).toEqual([]);
  expect(alarmIds(away, 600)).toEqual(["over_limit"]);
});

test("alarms_of_a_status_without_a_limit_then_it_is_never_marked", () => {
  expect(isOverLimit(agent("a"), 1e12)).toBe(false);
});

test("alarms_with_an_unanswered_offer_then_it_is_named_once_and_last", () => {
  const row = agent("a", { alarms: ["no_answer", "silent_leg"], no_answer: true });
  expect(alarmIds(row, 0)).toEqual(["silent_leg", "no_answer"]);
});
