import { expect, test } from "vitest";
import type { PriorityReply } from "../api/commands";
import { undoOf } from "./undoing";

const reply = (rest: Partial<PriorityReply>): PriorityReply => ({ agent: "a", queue: "q", priority: 3, until: null, before: 5, ...rest });

test("undo_of_a_change_then_is_the_priority_before", () => {
  expect(undoOf(reply({}), 100)).toEqual({ priority: 5, until: null, then: null });
});

test("undo_of_a_change_of_one_that_held_for_a_time_then_ends_when_that_was_to_end_and_goes_back_to_what_was_to_follow", () => {
  const told = reply({ before: 1, before_until: 200, before_then: 5 });
  expect(undoOf(told, 100)).toEqual({ priority: 1, until: 200, then: 5 });
});

test("undo_after_the_time_of_the_one_before_then_is_what_was_to_follow_it", () => {
  const told = reply({ before: 1, before_until: 200, before_then: 5 });
  expect(undoOf(told, 199)).toEqual({ priority: 5, until: null, then: null });
});

test("undo_where_nothing_was_changed_then_is_not_offered", () => {
  expect(undoOf(reply({ before: 3 }), 100)).toBeNull();
  expect(undoOf(reply({ before: null }), 100)).toBeNull();
  expect(undoOf(reply({ before: 20 }), 100)).toBeNull();
  // The same number, but no longer for a time only.
  expect(undoOf(reply({ before: 3, before_until: 200, before_then: 5 }), 100)).toEqual({ priority: 3, until: 200, then: 5 });
});
