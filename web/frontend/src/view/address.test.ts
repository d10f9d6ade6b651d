import { expect, test } from "vitest";
import { DEFAULT_VIEW, readView, writeView, type View } from "./address";

test("write_view_of_the_view_everybody_starts_with_then_address_is_bare", () => {
  expect(writeView(DEFAULT_VIEW)).toBe("");
});

test("read_view_of_a_written_one_then_everything_is_back", () => {
  const view: View = {
    queue: "support@default",
    search: "佐藤 & co",
    statuses: ["available", "ringing"],
    sort: { column: "elapsed", down: true },
    columns: ["name", "agent", "status", "priority"],
    side: false,
  };
  expect(readView(writeView(view))).toEqual(view);
});

test("write_view_with_a_queue_then_its_name_can_be_read_in_the_address", () => {
  expect(writeView({ ...DEFAULT_VIEW, queue: "support@default" })).toBe("?queue=support@default");
});

test("read_view_of_unknown_columns_and_sort_then_they_are_left_out", () => {
  const view = readView("?columns=name,shoe_size,status&sort=-shoe_size&side=maybe");
  expect(view.columns).toEqual(["name", "status"]);
  expect(view.sort).toEqual(DEFAULT_VIEW.sort);
  expect(view.side).toBe(true);
});

test("read_view_of_only_unknown_columns_then_the_standard_ones_are_shown", () => {
  expect(readView("?columns=x,y").columns).toEqual(DEFAULT_VIEW.columns);
});

test("read_view_of_an_endless_search_then_it_is_cut", () => {
  expect(readView("?search=" + "a".repeat(5000)).search.length).toBe(100);
});
