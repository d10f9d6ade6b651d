import { expect, test } from "vitest";
import { agent } from "../testing/agents";
import { mayChangeLater, nextOf, priorityAction, statusAction } from "./action";

const no = (reason: string): { ok: false; reason: string } => ({ ok: false, reason });

test.each(["available", "wrap_up", "on_break", "away", "logged_out", "training"])(
  "status_action_of_%s_then_opens_the_status_window",
  (code) => {
    expect(statusAction(agent("a", { code }))).toEqual({ window: "status", verdict: { ok: true, reason: null } });
  },
);

test.each(["queue_call", "outbound_call", "external_call", "internal_call", "on_hold"])(
  "status_action_of_%s_then_opens_the_monitoring_window",
  (code) => {
    expect(statusAction(agent("a", { code })).window).toBe("monitor");
  },
);

test("status_action_of_a_ringing_agent_then_opens_nothing_even_where_the_server_would_allow_it", () => {
  const { window, verdict } = statusAction(agent("a", { code: "ringing" }));
  expect(window).toBeNull();
  expect(verdict).toEqual(no("agent_ringing"));
});

test("status_action_of_a_ringing_agent_where_only_the_ringing_forbids_it_then_opens_the_window_for_after_this_call", () => {
  const ringing = agent("a", { code: "ringing", may: { change_status: no("agent_ringing") } });
  expect(statusAction(ringing)).toEqual({ window: "status", verdict: { ok: true, reason: null } });
  const foreign = agent("a", { code: "ringing", may: { change_status: no("permission_denied") } });
  expect(statusAction(foreign)).toEqual({ window: null, verdict: no("permission_denied") });
});

test.each([
  ["agent_in_call", true],
  ["agent_ringing", true],
  ["permission_denied", false],
  ["queue_not_selected", false],
])("change_after_the_call_where_the_reason_is_%s_then_%s", (reason, expected) => {
  expect(mayChangeLater(agent("a", { may: { change_status: no(reason) } }))).toBe(expected);
});

test("next_of_an_agent_in_an_automatic_wrap_up_then_can_be_ended_by_whoever_may_change_the_status", () => {
  const wrapping = agent("a", { code: "wrap_up" });
  wrapping.status.until = 50;
  expect(nextOf(wrapping)).toEqual({ kind: "wrap_up", until: 50, verdict: { ok: true, reason: null } });
});

test("next_of_an_agent_in_a_call_then_is_what_was_asked_for_to_follow_it", () => {
  const later = agent("a", { code: "queue_call", after_call: "away", may: { change_status: no("agent_in_call") } });
  expect(nextOf(later)).toEqual({ kind: "after_call", code: "away", verdict: { ok: true, reason: null } });
  expect(nextOf({ ...later, after_call: "available" })).toMatchObject({ kind: "after_call", code: "available" });
  expect(nextOf({ ...later, after_call: null })).toBeNull();
  expect(nextOf(agent("a"))).toBeNull();
});

test("status_action_on_hold_where_only_monitoring_is_allowed_then_it_opens", () => {
  const held = agent("a", { code: "on_hold", may: { whisper: no("on_hold_no_whisper"), barge: no("on_hold_no_whisper") } });
  expect(statusAction(held).verdict.ok).toBe(true);
});

test("status_action_without_the_right_then_gives_the_servers_reason", () => {
  const may = { monitor: no("permission_denied"), whisper: no("permission_denied"), barge: no("permission_denied") };
  expect(statusAction(agent("a", { code: "queue_call", may })).verdict).toEqual(no("permission_denied"));
});

test("priority_action_under_all_agents_then_is_inactive_for_everybody", () => {
  expect(priorityAction(agent("a"), null).ok).toBe(false);
  expect(priorityAction(agent("a"), "support@default").ok).toBe(true);
});
