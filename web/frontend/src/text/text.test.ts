import { expect, test } from "vitest";
import en from "../../../locales/en.json";
import ja from "../../../locales/ja.json";
import { duration, timeOfDay } from "./duration";
import { fill } from "./text";

const placesOf = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]!).sort();

test("languages_then_both_have_every_text", () => {
  expect(Object.keys(ja.ui).sort()).toEqual(Object.keys(en.ui).sort());
});

test("languages_then_every_text_has_the_same_places_to_fill", () => {
  for (const [key, text] of Object.entries(ja.ui)) {
    expect(placesOf((en.ui as Record<string, string>)[key]!), key).toEqual(placesOf(text));
  }
});

test("fill_with_a_value_that_looks_like_a_place_then_it_is_not_filled_again", () => {
  expect(fill("{name} → {agent}", { name: "{agent}", agent: "B" })).toBe("{agent} → B");
});

test("fill_without_a_value_then_the_place_stays_to_be_seen", () => {
  expect(fill("{name}", {})).toBe("{name}");
});

test.each([
  [-3, "0:00"],
  [59.99, "0:59"],
  [60, "1:00"],
  [3599, "59:59"],
  [3600, "1:00:00"],
  [90_061, "25:01:01"],
])("duration_of_%s_seconds_then_%s", (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});

test.each(["en", "ja"])("time_of_day_after_midnight_in_%s_then_begins_with_zero", (locale) => {
  const at = new Date(2026, 0, 5, 0, 5, 12).getTime() / 1000;
  expect(timeOfDay(at, locale)).toMatch(/^0?0:05:12$/);
});
