import { expect, test } from "vitest";
import { nextAt, timeOf } from "./wall-clock";

const noon = new Date(2026, 10, 24, 12, 0, 0).getTime() / 1000;

test("time_of_day_later_today_then_is_today", () => {
  expect(nextAt("15:00", noon)).toBe(noon + 3 * 3600);
});

test("time_of_day_that_has_passed_then_is_tomorrow", () => {
  expect(nextAt("12:00", noon)).toBe(noon + 24 * 3600);
  expect(nextAt("09:30", noon)).toBe(noon + 21.5 * 3600);
});

test.each(["", "24:00", "9:00", "12:60", "noon"])("text_%s_then_is_no_time", (text) => {
  expect(nextAt(text, noon)).toBeNull();
});

test("moment_then_reads_as_a_time_field_takes_it", () => {
  expect(timeOf(noon + 90 * 60)).toBe("13:30");
});
