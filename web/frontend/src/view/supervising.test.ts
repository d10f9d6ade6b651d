import { expect, test } from "vitest";
import { agent } from "../testing/agents";
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

test("whisper_during_a_hold_then_it_is_refused_and_listening_is_not", () => {
  const row = agent("anna", { may: { whisper: no("on_hold_no_whisper") } });
  expect(mayGoTo(row, { mode: "monitor" }, "whisper")).toEqual(no("on_hold_no_whisper"));
  expect(mayGoTo(row, { mode: "whisper" }, "monitor").ok).toBe(true);
});

test("mode_that_it_has_already_then_nothing_speaks_against_it", () => {
  const row = agent("anna", { may: { whisper: no("on_hold_no_whisper") } });
  expect(mayGoTo(row, { mode: "whisper" }, "whisper").ok).toBe(true);
});

test("already_listening_then_it_is_this_very_supervision_and_it_may_change_and_take_over", () => {
  const already = no("already_supervising");
  const row = agent("anna", { may: { monitor: already, whisper: already, barge: already, take_over: already } });
  for (const to of ["whisper", "barge", "take_over"] as const) expect(mayGoTo(row, { mode: "monitor" }, to).ok).toBe(true);
});

test("agent_out_of_sight_then_the_server_is_left_to_decide", () => {
  expect(mayGoTo(undefined, { mode: "monitor" }, "barge").ok).toBe(true);
});

test("right_that_is_gone_then_neither_mode_nor_take_over", () => {
  const row = agent("anna", { may: { barge: no("permission_denied"), take_over: no("permission_denied") } });
  expect(mayGoTo(row, { mode: "monitor" }, "barge")).toEqual(no("permission_denied"));
  expect(mayGoTo(row, { mode: "monitor" }, "take_over")).toEqual(no("permission_denied"));
});
