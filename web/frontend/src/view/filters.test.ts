import { expect, test } from "vitest";
import { localTime, readFilters, writeFilters, type Filters } from "./filters";

const TEXTS = ["login", "agent", "outcome"] as const;

const reader =
  (values: Record<string, string>) =>
  (name: string): string =>
    values[name] ?? "";

test("filters_written_and_read_again_then_are_the_same", () => {
  const at = Math.floor(Date.now() / 60_000) * 60;
  const filters: Filters<(typeof TEXTS)[number]> = { since: at - 3600, before: at, login: "佐藤", agent: "1001@default", outcome: "failed" };
  const values = new URLSearchParams(writeFilters(TEXTS, filters));
  expect(readFilters(TEXTS, (name) => values.get(name) ?? "")).toEqual(filters);
});

test("filters_left_empty_then_are_none", () => {
  expect(readFilters(TEXTS, reader({ login: "  ", since: "" }))).toEqual({});
  expect(writeFilters(TEXTS, {})).toBe("");
});

test("filters_with_something_that_is_no_time_then_it_is_left_out", () => {
  expect(readFilters(TEXTS, reader({ since: "yesterday" }))).toEqual({});
});

test("local_time_then_is_what_a_datetime_field_takes", () => {
  expect(localTime(0)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/);
});
