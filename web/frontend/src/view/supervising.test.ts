import { expect, test } from "vitest";
import { isOver, mayGoTo, phaseOf } from "./supervising";

const no = (reason: string) => ({ ok: false, reason });

test("state_of_a_supervision_then_the_window_rings_listens_or_is_at_its_end", () => {
  expect(["ringing", "listening", "following", "ended", "failed"].map(phaseOf)).toEqual([
    "ringing",
    "listening",
    "listening",
    "over",
    "over",
  ]);
  expect(phaseOf("something new")).toBe("over");
});

test("supervision_that_ended_or_failed_then_it_is_over_and_a_follower_between_calls_is_not", () => {
  expect(["ended", "failed"].every((state) => isOver({ state }))).toBe(true);
  expect(["ringing", "listening", "following"].some((state) => isOver({ state }))).toBe(false);
});

const yes = { ok: true, reason: null };
const all = { monitor: yes, whisper: yes, barge: yes, take_over: yes };

test("what_the_server_says_of_this_supervision_then_counts_whatever_queue_is_selected", () => {
  const one = { state: "listening", may: { ...all, whisper: no("on_hold_no_whisper") } };
  expect(mayGoTo(one, "whisper")).toEqual(no("on_hold_no_whisper"));
  for (const to of ["monitor", "barge", "take_over"] as const) expect(mayGoTo(one, to).ok).toBe(true);
});

test("phone_that_rings_yet_or_a_word_that_is_missing_then_the_server_is_left_to_decide", () => {
  expect(mayGoTo({ state: "ringing", may: { ...all, barge: no("not_monitorable") } }, "barge").ok).toBe(true);
  expect(mayGoTo({ state: "listening", may: null }, "barge").ok).toBe(true);
});
