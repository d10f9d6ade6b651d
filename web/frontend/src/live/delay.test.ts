import { expect, test } from "vitest";
import { DelayMeter } from "./delay";

test("delay_of_the_last_minute_then_median_and_99th_percentile", () => {
  const meter = new DelayMeter();
  for (let i = 1; i <= 100; i++) meter.record(1000, 1000 + i / 1000);
  const read = meter.read(1001)!;
  expect(Math.round(read.medianMs)).toBe(50);
  expect(Math.round(read.p99Ms)).toBe(99);
  expect(read.count).toBe(100);
});

test("delay_when_nothing_happened_for_a_minute_then_there_is_none", () => {
  const meter = new DelayMeter();
  meter.record(1000, 1000.02);
  expect(meter.read(1061)).toBeNull();
});

test("delay_of_clocks_that_disagree_then_is_never_negative", () => {
  const meter = new DelayMeter();
  meter.record(1000.5, 1000);
  expect(meter.read(1000)!.medianMs).toBe(0);
});
