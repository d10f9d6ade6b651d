import { expect, test } from "vitest";
import { ServerClock } from "./clock";

test("clock_with_messages_of_different_delay_then_believes_the_fastest", () => {
  let local = 100;
  const clock = new ServerClock(() => local);
  // The server is 50 s ahead; messages need 0.4, 0.02 and 0.3 s.
  for (const delay of [0.4, 0.02, 0.3]) {
    local += 5;
    clock.sample(local + 50 - delay);
  }
  expect(clock.now()).toBeCloseTo(local + 50 - 0.02, 6);
});

test("clock_with_half_a_round_trip_known_then_adds_what_the_fastest_message_needed", () => {
  const clock = new ServerClock(() => 100);
  clock.sample(149.98);
  clock.setTravel(0.02);
  expect(clock.now()).toBeCloseTo(150, 6);
});

test("clock_after_the_local_one_was_set_back_then_follows_within_a_minute_of_pings", () => {
  let local = 1000;
  const clock = new ServerClock(() => local);
  clock.sample(1000);
  local = 400;
  for (let i = 0; i < 12; i++) clock.sample(1000 + i);
  expect(clock.now()).toBeCloseTo(1011, 6);
  local = 2000;
  for (let i = 0; i < 12; i++) clock.sample(1011);
  expect(clock.now()).toBeCloseTo(1011, 6);
});

test("clock_before_a_small_message_came_then_is_not_sure_enough_to_measure_delays", () => {
  const clock = new ServerClock(() => 100);
  clock.guess(150);
  expect(clock.sure).toBe(false);
  expect(clock.now()).toBe(150);
  clock.sample(150.2);
  expect(clock.sure).toBe(true);
});
