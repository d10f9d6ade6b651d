import { expect, test } from "vitest";
import { agent } from "../testing/agents";
import { arrange, countByStatus, raisedHands } from "./arrange";
import { DEFAULT_VIEW, type View } from "./address";

const NOW = 1000;
const list = (agents: ReturnType<typeof agent>[], view: Partial<View>): string[] =>
  arrange(agents, { ...DEFAULT_VIEW, ...view }, NOW);

test("arrange_by_elapsed_down_then_the_longest_stands_first", () => {
  const agents = [agent("a", { since: 990 }), agent("b", { since: 100 }), agent("c", { since: 500 })];
  expect(list(agents, { sort: { column: "elapsed", down: true } })).toEqual(["b", "c", "a"]);
  expect(list(agents, { sort: { column: "elapsed", down: false } })).toEqual(["a", "c", "b"]);
});

test("arrange_by_talk_time_then_who_does_not_talk_stands_last_either_way", () => {
  const agents = [agent("idle"), agent("long", { talk_since: 1 }), agent("short", { talk_since: 999 })];
  expect(list(agents, { sort: { column: "talk", down: true } })).toEqual(["long", "short", "idle"]);
  expect(list(agents, { sort: { column: "talk", down: false } })).toEqual(["short", "long", "idle"]);
});

test("arrange_by_terminal_then_numbers_count_as_numbers", () => {
  const agents = [agent("a", { terminal: "1010" }), agent("b", { terminal: "999" }), agent("c", { terminal: "1002" })];
  expect(list(agents, { sort: { column: "terminal", down: false } })).toEqual(["b", "c", "a"]);
});

test("arrange_with_equal_values_then_the_name_decides_whatever_order_they_came_in", () => {
  const one = agent("a", { name: "あおき" });
  const two = agent("b", { name: "いとう" });
  const sort = { column: "status", down: false } as const;
  expect(list([two, one], { sort })).toEqual(list([one, two], { sort }));
});

test("arrange_by_status_then_calls_stand_before_log_off", () => {
  const agents = [agent("off", { code: "logged_out" }), agent("own", { code: "training" }), agent("call", { code: "queue_call" })];
  expect(list(agents, { sort: { column: "status", down: false } })).toEqual(["call", "own", "off"]);
});

test("arrange_with_statuses_chosen_then_only_those_are_listed", () => {
  const agents = [agent("a", { code: "available" }), agent("b", { code: "ringing" }), agent("c", { code: "away" })];
  expect(list(agents, { statuses: ["ringing", "away"] }).sort()).toEqual(["b", "c"]);
});

test.each([
  ["鈴木", "s"],
  ["ｽｽﾞｷ", "k"],
  ["１００２", "s"],
  ["TANAKA jiro", "t"],
  ["jiro tanaka", "t"],
])("arrange_searching_%s_then_finds_it_however_it_is_typed", (search, found) => {
  const agents = [
    agent("s", { name: "鈴木 花子", terminal: "1002" }),
    agent("k", { name: "スズキ 一郎", terminal: "1003" }),
    agent("t", { name: "Tanaka Jiro", terminal: "1004" }),
  ];
  expect(list(agents, { search })).toEqual([found]);
});

test("count_by_status_then_every_agent_counts_once", () => {
  const counts = countByStatus([agent("a", { code: "away" }), agent("b", { code: "away" }), agent("c")]);
  expect(Object.fromEntries(counts)).toEqual({ away: 2, available: 1 });
});

test("g4_raised_hands_stand_in_the_order_in_which_they_were_raised", () => {
  const agents = [agent("b", { hand_since: 900 }), agent("down", { hand_since: null }), agent("a", { hand_since: 950 }), agent("c")];
  expect(raisedHands(agents).map((one) => one.agent)).toEqual(["b", "a"]);
});

test("arrange_by_hand_then_who_waits_longest_for_help_stands_first_and_who_needs_none_last", () => {
  const agents = [agent("none"), agent("late", { hand_since: 950 }), agent("early", { hand_since: 900 })];
  expect(list(agents, { sort: { column: "hand", down: true } })).toEqual(["early", "late", "none"]);
});

test("a5_an_agent_is_found_by_his_account", () => {
  expect(list([agent("1001@default", { login: "Sato" }), agent("1002@default")], { search: "sato" })).toEqual(["1001@default"]);
});
