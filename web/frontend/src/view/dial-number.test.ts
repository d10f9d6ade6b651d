import { expect, test } from "vitest";
import { plainNumber } from "./dial-number";

test("number_when_typed_with_full_width_digits_and_blanks_then_it_is_plain", () => {
  expect(plainNumber(" ００１０ ")).toBe("0010");
});
