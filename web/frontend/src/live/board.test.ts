import { beforeEach, expect, test } from "vitest";
import type { Snapshot } from "../api/board";
import { agent } from "../testing/agents";
import { Board, type Part } from "./board";

let frames: (() => void)[] = [];
let heard: ReadonlySet<Part>[] = [];
let shown: number[][] = [];

function board(): Board {
  const made = new Board(
    (act) => frames.push(act),
    (times) => shown.push([...times]),
  );
  made.listen((parts) => heard.push(parts));
  return made;
}

function frame(): void {
  const now = frames;
  frames = [];
  for (const act of now) act();
}

const snapshot = (seq: number, ids: string[] = ["a", "b"], rest: Partial<Snapshot> = {}): Snapshot => ({
  seq,
  epoch: "one",
  login: "suzuki",
  queue: null,
  practice: false,
  now: 1000,
  link: { state: "live", since: 1, delay_ms: 2 },
  alarms: [],
  statuses: [],
  extensions: [],
  queues: [],
  agents: ids.map((id) => agent(id)),
  waiting: [],
  supervisions: [],
  ...rest,
});

beforeEach(() => {
  frames = [];
  heard = [];
  shown = [];
});

test("changes_within_one_frame_then_listeners_are_told_once", () => {
  const floor = board();
  floor.takeSnapshot(snapshot(1));
  frame();
  for (let seq = 2; seq < 200; seq++) floor.takeChange({ seq, at: 1000 + seq, agents: [agent("a", { code: "away" })] });
  expect(heard.length).toBe(1);
  frame();
  expect(heard.length).toBe(2);
  expect([...heard[1]!]).toEqual(["agents"]);
  expect(floor.agents.get("a")!.status.code).toBe("away");
  expect(shown.flat().length).toBe(198);
});

test("change_older_than_the_snapshot_then_is_dropped", () => {
  const floor = board();
  floor.takeSnapshot(snapshot(10));
  floor.takeChange({ seq: 10, agents: [agent("a", { code: "away" })] });
  floor.takeChange({ seq: 9, gone: { agents: ["b"] } });
  expect(floor.agents.get("a")!.status.code).toBe("available");
  expect(floor.agents.has("b")).toBe(true);
});

test("change_after_a_reset_then_waits_for_the_snapshot", () => {
  const floor = board();
  floor.takeSnapshot(snapshot(10));
  floor.expectSnapshot();
  floor.takeChange({ seq: 11, agents: [agent("a", { code: "away" })] });
  expect(floor.agents.get("a")!.status.code).toBe("available");
  floor.takeSnapshot(snapshot(3, ["c"], { epoch: "two" }));
  expect([...floor.agents.keys()]).toEqual(["c"]);
  floor.takeChange({ seq: 4, agents: [agent("c", { code: "away" })] });
  expect(floor.agents.get("c")!.status.code).toBe("away");
});

test("change_that_puts_and_removes_then_both_happen", () => {
  const floor = board();
  floor.takeSnapshot(snapshot(1));
  floor.takeChange({
    seq: 2,
    agents: [agent("c")],
    waiting: [{ member: "m", queue: "q", name: "", number: "1", since: 1, state: "waiting", agent: null }],
    gone: { agents: ["a"] },
  });
  expect([...floor.agents.keys()]).toEqual(["b", "c"]);
  expect([...floor.waiting.keys()]).toEqual(["m"]);
  floor.takeChange({ seq: 3, gone: { waiting: ["m"] } });
  expect(floor.waiting.size).toBe(0);
});

test("change_while_the_page_is_hidden_then_its_time_is_no_delay", () => {
  const floor = board();
  floor.takeSnapshot(snapshot(1));
  frame();
  floor.takeChange({ seq: 2, at: 1000, agents: [agent("a")] });
  floor.dropTimes();
  frame();
  expect(shown).toEqual([]);
});

test("agent_no_longer_in_sight_then_is_still_called_by_name_until_log_out", () => {
  const floor = board();
  floor.takeSnapshot(snapshot(1, [], { agents: [agent("a", { name: "佐藤 葵" })] }));
  floor.takeSnapshot(snapshot(2, []));
  expect(floor.nameOf("a")).toBe("佐藤 葵");
  floor.clear();
  expect(floor.nameOf("a")).toBe("a");
});

test("log_out_then_nothing_of_the_floor_is_left", () => {
  const floor = board();
  floor.takeSnapshot(snapshot(1));
  floor.clear();
  expect(floor.agents.size + floor.queues.size + floor.waiting.size + floor.supervisions.size).toBe(0);
  expect(floor.loaded).toBe(false);
});

test("alarm_of_the_site_then_it_comes_stays_over_other_changes_and_goes", () => {
  const floor = board();
  floor.takeSnapshot(snapshot(1));
  frame();
  floor.takeChange({ seq: 2, alarms: ["wrong_dial_entries"] });
  frame();
  expect([...heard.at(-1)!]).toEqual(["alarms"]);
  floor.takeChange({ seq: 3, agents: [agent("a")] });
  expect(floor.alarms).toEqual(["wrong_dial_entries"]);
  floor.takeChange({ seq: 4, alarms: [] });
  expect(floor.alarms).toEqual([]);
});

test("another_queue_is_asked_for_then_only_ones_own_listening_and_the_names_are_left", () => {
  const floor = board();
  const listening = { agent: "a", mode: "monitor" as const, state: "listening", cause: null, extension: "9001", queue: null };
  const whole = { ...listening, follow: false, login: "x", name: "X", since: 1 };
  const rest = { agents: [agent("a", { name: "佐藤 葵" })], supervisions: [{ ...whole, id: "1", mine: true }, { ...whole, id: "2", mine: false }] };
  const waiting = [{ member: "m", queue: "q", name: "", number: "1", since: 1, state: "waiting", agent: null }];
  floor.takeSnapshot(snapshot(1, [], { ...rest, waiting }));
  floor.leaveQueue();
  expect(floor.agents.size + floor.waiting.size).toBe(0);
  expect([...floor.supervisions.keys()]).toEqual(["1"]);
  expect([floor.nameOf("a"), floor.loaded]).toEqual(["佐藤 葵", false]);
});
