import { expect, test } from "vitest";
import { pieces, visible } from "./windowing";

const rowsOf = (list: ReturnType<typeof pieces>): number =>
  list.reduce((sum, piece) => sum + ("gap" in piece ? piece.gap : piece.rows.end - piece.rows.start), 0);

test("visible_at_the_top_then_draws_what_fits_and_some_more", () => {
  expect(visible(0, 340, 34, 1000, 6)).toEqual({ start: 0, end: 16 });
});

test("visible_in_the_middle_then_spares_rows_on_both_sides", () => {
  expect(visible(3400, 340, 34, 1000, 6)).toEqual({ start: 94, end: 116 });
});

test("visible_after_the_list_shrank_then_stays_inside_it", () => {
  const range = visible(34_000, 340, 34, 20, 6);
  expect(range.start).toBeLessThan(20);
  expect(range.end).toBe(20);
});

test("visible_of_nothing_then_draws_nothing", () => {
  expect(visible(0, 340, 34, 0)).toEqual({ start: 0, end: 0 });
});

test.each([
  [{ start: 0, end: 10 }, null],
  [{ start: 40, end: 60 }, null],
  [{ start: 40, end: 60 }, 50],
  [{ start: 40, end: 60 }, 3],
  [{ start: 40, end: 60 }, 39],
  [{ start: 40, end: 60 }, 60],
  [{ start: 40, end: 60 }, 99],
])("pieces_of_%o_with_%s_pinned_then_rows_and_gaps_make_up_the_whole_list", (range, pinned) => {
  const list = pieces(range, 100, pinned);
  expect(rowsOf(list)).toBe(100);
  const drawn = list.flatMap((piece) => ("rows" in piece ? [piece.rows] : []));
  if (pinned !== null) expect(drawn.some((rows) => pinned >= rows.start && pinned < rows.end)).toBe(true);
});

test("pieces_with_a_pinned_row_that_is_gone_then_leaves_it_out", () => {
  expect(rowsOf(pieces({ start: 0, end: 5 }, 5, 7))).toBe(5);
});
