import { expect, test } from "vitest";
import { OrderKeeper } from "./order";

test("order_when_nobody_points_at_it_then_is_made_anew_but_not_many_times_a_second", () => {
  const keeper = new OrderKeeper();
  expect(keeper.due(0)).toBe(true);
  keeper.made(0);
  expect(keeper.due(0.1)).toBe(false);
  expect(keeper.due(0.6)).toBe(true);
});

test("order_while_somebody_points_into_the_rows_then_is_held", () => {
  const keeper = new OrderKeeper();
  keeper.touch(10);
  expect(keeper.due(15)).toBe(false);
  keeper.release();
  expect(keeper.due(15)).toBe(true);
});

test("order_under_a_pointer_left_lying_then_goes_on_after_a_while", () => {
  const keeper = new OrderKeeper();
  keeper.touch(10);
  expect(keeper.due(21)).toBe(true);
});

test("order_while_a_window_is_open_then_is_held_however_long", () => {
  const keeper = new OrderKeeper();
  keeper.setWindow(true);
  expect(keeper.due(10_000)).toBe(false);
  keeper.setWindow(false);
  expect(keeper.due(10_000)).toBe(true);
});
