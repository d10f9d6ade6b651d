import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { NotRung, Offer } from "../api/queues";
import { board } from "../live/live";
import { agent } from "../testing/agents";
import { useLocale } from "../text/text";
import { nobodyText, offerText, strategyNote } from "./forecast-view";

beforeAll(async () => {
  vi.stubGlobal("document", { documentElement: { lang: "" } });
  await useLocale("en");
});

beforeEach(() => {
  for (const id of ["anna", "ben", "carl", "dora", "emma", "fred"]) board.agents.set(id, agent(id, { name: id.toUpperCase() }));
});

const offer = (rest: Partial<Offer>): Offer => ({ strategy: "round-robin", rings: "one", agents: [], reasons: [], sticky: false, ...rest });
const because = (...ids: string[]): NotRung[] => ids.map((id, at) => ({ agent: `agent ${at}`, id, until: null }));

test("offer_to_one_then_the_first_is_named_and_no_other", () => {
  expect(offerText(offer({ agents: ["ben", "anna"] }))).toBe("BEN");
});

test("offer_to_any_of_some_or_to_all_then_it_says_which_of_the_two", () => {
  expect(offerText(offer({ rings: "any_of", agents: ["anna", "ben"] }))).toBe("One of ANNA, BEN");
  expect(offerText(offer({ rings: "all", agents: ["anna", "ben"] }))).toBe("ANNA, BEN, all at once");
});

test("offer_to_more_than_four_then_the_rest_is_counted", () => {
  const all = ["anna", "ben", "carl", "dora", "emma", "fred"];
  expect(offerText(offer({ rings: "all", agents: all }))).toBe("ANNA, BEN, CARL, DORA and 2 more, all at once");
});

test("offer_to_somebody_whose_name_one_may_not_see_then_freeswitchs_own_name_stands_there", () => {
  expect(offerText(offer({ agents: ["9999@default"] }))).toBe("9999@default");
});

test("offer_to_nobody_then_the_reasons_are_counted_the_most_frequent_first", () => {
  const text = offerText(offer({ reasons: because("logged_out", "in_call", "logged_out", "logged_out") }));
  expect(text).toMatch(/: 3.*: 1/);
  expect(text).toBe(nobodyText(because("in_call", "logged_out", "logged_out", "logged_out")));
});

test("offer_of_a_queue_without_agents_then_it_says_so", () => {
  expect(offerText(offer({}))).toBe("The queue has no agents");
});

test("strategy_that_does_not_order_by_the_number_then_the_window_says_what_the_number_does", () => {
  expect(strategyNote("ring-all", false)).toBe("strategy.ring_all");
  expect(strategyNote("ring-all", true)).toBe("strategy.ring_all.rules");
  expect(strategyNote("top-down", false)).toBe("strategy.top_down");
  expect(strategyNote("ring-progressively", false)).toBe("strategy.ring_progressively");
  expect(strategyNote("longest-idle-agent", true)).toBe("strategy.rules");
  expect(strategyNote("longest-idle-agent", false)).toBeNull();
});
