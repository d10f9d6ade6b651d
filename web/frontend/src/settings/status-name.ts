/** What a status is called, for pages that read its definition. */
import type { StatusRow } from "../api/statuses";
import { locale } from "../text/text";
import { statusText } from "../text/wording";

/** The name in the reader's language; of a built-in status the one that everybody has. */
export function nameOf(row: Pick<StatusRow, "code" | "name_ja" | "name_en">): string {
  return statusText({ code: row.code, label: (locale() === "ja" ? row.name_ja : row.name_en) ?? row.code });
}
