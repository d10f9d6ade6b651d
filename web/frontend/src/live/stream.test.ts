import { beforeEach, expect, test } from "vitest";
import { Problem } from "../api/http";
import { HIDDEN_MS, STALE_S, Stream, type Surroundings } from "./stream";

/** An EventSource as a browser's, driven by hand. */
class Source {
  readyState = 0;
  onerror: (() => void) | null = null;
  private readonly acts = new Map<string, (event: { data: string }) => void>();

  constructor(readonly url: string) {}

  addEventListener(name: string, act: (event: { data: string }) => void): void {
    this.acts.set(name, act);
  }

  send(name: string, data: unknown): void {
    this.sendRaw(name, JSON.stringify(data));
  }

  sendRaw(name: string, data: string): void {
    this.acts.get(name)?.({ data });
  }

  fail(closed: boolean): void {
    this.readyState = closed ? 2 : 0;
    this.onerror?.();
  }

  close(): void {
    this.readyState = 2;
  }
}

let now = 1000;
let sources: Source[] = [];
let timers: { act: () => void; ms: number; id: number }[] = [];
let probe: () => Promise<unknown> = () => Promise.resolve();
let heard: string[] = [];

const around: Surroundings = {
  open: (url) => {
    const source = new Source(url);
    sources.push(source);
    return source as unknown as EventSource;
  },
  probe: () => probe(),
  now: () => now,
  later: (act, ms) => timers.push({ act, ms, id: timers.length + 1 }),
  cancel: (id) => {
    timers = timers.map((timer, at) => (at + 1 === id ? { ...timer, act: () => undefined } : timer));
  },
  random: () => 0.5,
};

function stream(): Stream {
  return new Stream(around, {
    snapshot: () => heard.push("snapshot"),
    change: () => heard.push("change"),
    ping: () => heard.push("ping"),
    reset: () => heard.push("reset"),
    state: () => undefined,
  });
}

const last = (): Source => sources[sources.length - 1]!;
const settled = (): Promise<void> => new Promise((done) => setTimeout(done, 0));

function runTimers(): void {
  const due = timers;
  timers = due.map((timer) => ({ ...timer, act: () => undefined }));
  for (const timer of due) timer.act();
}

beforeEach(() => {
  now = 1000;
  sources = [];
  timers = [];
  heard = [];
  probe = () => Promise.resolve();
});

test("stream_of_a_queue_then_its_name_is_escaped_in_the_address", () => {
  stream().select("a&b@default");
  expect(last().url).toBe("/api/v1/board/stream?queue=a%26b%40default");
});

test("stream_until_the_snapshot_then_is_connecting_and_drops_changes", () => {
  const live = stream();
  live.select(null);
  last().send("ping", {});
  last().send("change", {});
  expect(live.state).toBe("connecting");
  expect(heard).toEqual(["ping"]);
  last().send("snapshot", {});
  last().send("change", {});
  expect(live.state).toBe("live");
  expect(heard).toEqual(["ping", "snapshot", "change"]);
});

test("stream_silent_for_twelve_seconds_then_is_stale_and_connects_anew", () => {
  const live = stream();
  live.select(null);
  last().send("snapshot", {});
  now += STALE_S - 1;
  live.check();
  expect(live.state).toBe("live");
  now += 1;
  live.check();
  expect(live.state).toBe("stale");
  runTimers();
  expect(sources.length).toBe(2);
  last().send("snapshot", {});
  expect(live.state).toBe("live");
});

test("stream_broken_and_resumed_by_the_browser_then_lives_without_a_snapshot", () => {
  const live = stream();
  live.select(null);
  last().send("snapshot", {});
  last().fail(false);
  expect(live.state).toBe("reconnecting");
  last().send("change", {});
  expect(live.state).toBe("live");
  expect(sources.length).toBe(1);
});

test("stream_broken_for_long_then_reconnecting_turns_stale", () => {
  const live = stream();
  live.select(null);
  last().send("snapshot", {});
  last().fail(false);
  now += STALE_S;
  live.check();
  expect(live.state).toBe("stale");
});

test("stream_refused_for_good_then_says_why_and_tries_no_more", async () => {
  const live = stream();
  live.select("gone@default");
  probe = () => Promise.reject(new Problem("unknown_queue", 404, "no such queue"));
  last().fail(true);
  await settled();
  expect(live.state).toBe("refused");
  expect(live.problem?.id).toBe("unknown_queue");
  runTimers();
  live.wake();
  expect(sources.length).toBe(1);
});

test("stream_while_the_server_is_away_then_waits_longer_each_time_up_to_a_limit", async () => {
  const live = stream();
  live.select(null);
  probe = () => Promise.reject(new Problem("network", 0, ""));
  const waits: number[] = [];
  for (let i = 0; i < 8; i++) {
    last().fail(true);
    await settled();
    waits.push(timers[timers.length - 1]!.ms);
    runTimers();
  }
  expect(waits.slice(0, 3)).toEqual([500, 1000, 2000]);
  expect(Math.max(...waits)).toBe(15_000);
});

test("stream_after_an_hour_asleep_then_is_made_anew_at_once", () => {
  const live = stream();
  live.select(null);
  last().send("snapshot", {});
  now += 3600;
  live.wake();
  expect(sources.length).toBe(2);
  expect(live.state).toBe("stale");
});

test("stream_that_is_fresh_when_the_page_is_shown_again_then_is_left_alone", () => {
  const live = stream();
  live.select(null);
  last().send("snapshot", {});
  now += 3;
  live.wake();
  expect(sources.length).toBe(1);
});

test("stream_after_a_reset_then_waits_for_the_snapshot", () => {
  const live = stream();
  live.select(null);
  last().send("snapshot", {});
  last().send("reset", { reason: "gap" });
  last().send("change", {});
  expect(heard).toEqual(["snapshot", "reset"]);
  last().send("snapshot", {});
  last().send("change", {});
  expect(heard).toEqual(["snapshot", "reset", "snapshot", "change"]);
});

test("stream_with_half_a_message_then_is_made_anew", () => {
  const live = stream();
  live.select(null);
  last().send("snapshot", {});
  last().sendRaw("change", '{"seq": 1, "agents": [');
  expect(live.state).toBe("reconnecting");
  runTimers();
  expect(sources.length).toBe(2);
});

test("stream_of_another_queue_then_nothing_of_the_old_one_is_heard", () => {
  const live = stream();
  live.select(null);
  const old = last();
  live.select("support@default");
  old.send("snapshot", {});
  expect(heard).toEqual([]);
});

test("another_queue_chosen_while_the_picture_is_stale_then_it_stays_stale_since_then", () => {
  const live = stream();
  live.select(null);
  last().send("snapshot", {});
  now += STALE_S;
  live.check();
  live.select("support@default");
  expect([live.state, live.lastHeard, live.queue]).toEqual(["stale", 1000, "support@default"]);
  last().fail(false);
  expect(live.state).toBe("stale");
  last().send("snapshot", {});
  expect(live.state).toBe("live");
});

test("another_queue_chosen_of_which_nothing_comes_then_is_stale_since_the_server_was_last_heard", () => {
  const live = stream();
  live.select(null);
  last().send("snapshot", {});
  now += 8;
  live.select("support@default");
  expect(live.state).toBe("connecting");
  now += STALE_S - 8;
  live.check();
  expect([live.state, live.lastHeard]).toEqual(["stale", 1000]);
});

test("stream_begun_again_after_it_was_stopped_then_remembers_no_staleness", () => {
  const live = stream();
  live.select(null);
  last().send("snapshot", {});
  live.stop();
  now += 3600;
  live.select(null);
  live.check();
  expect(live.state).toBe("connecting");
});

test("page_hidden_for_long_then_holds_no_connection_and_takes_a_new_snapshot_when_seen", () => {
  const live = stream();
  live.select("support@default");
  last().send("snapshot", {});
  live.hide();
  live.hide();
  expect(timers.map((timer) => timer.ms)).toEqual([HIDDEN_MS]);
  now += HIDDEN_MS / 1000;
  runTimers();
  expect([last().readyState, live.resting]).toEqual([2, true]);
  for (let i = 0; i < 100; i++) live.check();
  runTimers();
  expect(sources.length).toBe(1);
  live.wake();
  expect([live.state, live.resting, last().url]).toEqual(["stale", false, "/api/v1/board/stream?queue=support%40default"]);
  last().send("change", {});
  last().send("snapshot", {});
  expect(live.state).toBe("live");
  expect(heard).toEqual(["snapshot", "snapshot"]);
});

test("page_hidden_for_a_moment_then_keeps_its_connection", () => {
  const live = stream();
  live.select(null);
  last().send("snapshot", {});
  live.hide();
  live.wake();
  runTimers();
  expect([live.state, sources.length, last().readyState]).toEqual(["live", 1, 0]);
});
