/** The view of the monitor and how it stands in the address bar, so that it can be shared. Pure. */
import { COLUMNS, DEFAULT_COLUMNS, type ColumnId } from "./columns";

export interface Sort {
  column: ColumnId;
  down: boolean;
}

export interface View {
  /** null: all agents */
  queue: string | null;
  search: string;
  /** status codes that are shown; empty: all */
  statuses: readonly string[];
  sort: Sort;
  columns: readonly ColumnId[];
  /** the panel on the right with waiting calls */
  side: boolean;
}

export const DEFAULT_VIEW: View = {
  queue: null,
  search: "",
  statuses: [],
  sort: { column: "name", down: false },
  columns: DEFAULT_COLUMNS,
  side: true,
};

const MOST = 60;

/** Reads a view from `location.search`; what is unknown there is left out, never an error. */
export function readView(search: string): View {
  const values = new URLSearchParams(search);
  const sort = values.get("sort") ?? "";
  const column = known([sort.replace(/^-/, "")])[0];
  const columns = known(list(values.get("columns")));
  return {
    queue: values.get("queue") ?? null,
    search: (values.get("search") ?? "").slice(0, 100),
    statuses: list(values.get("status")),
    sort: column ? { column, down: sort.startsWith("-") } : DEFAULT_VIEW.sort,
    columns: columns.length ? columns : DEFAULT_COLUMNS,
    side: values.get("side") !== "0",
  };
}

/** The view as a query string with its `?`; empty for the view that everybody starts with. */
export function writeView(view: View): string {
  const values = new URLSearchParams();
  if (view.queue !== null) values.set("queue", view.queue);
  if (view.search) values.set("search", view.search);
  if (view.statuses.length) values.set("status", view.statuses.join(","));
  const { column, down } = view.sort;
  if (column !== DEFAULT_VIEW.sort.column || down) values.set("sort", (down ? "-" : "") + column);
  if (view.columns.join() !== DEFAULT_COLUMNS.join()) values.set("columns", view.columns.join(","));
  if (!view.side) values.set("side", "0");
  // "@" and "," read well in an address and need no escape there.
  const written = values.toString().replaceAll("%40", "@").replaceAll("%2C", ",");
  return written ? "?" + written : "";
}

function list(text: string | null): string[] {
  return [...new Set((text ?? "").split(",").filter(Boolean))].slice(0, MOST);
}

/** Known columns in their own order. */
function known(ids: string[]): ColumnId[] {
  return COLUMNS.map((column) => column.id).filter((id) => ids.includes(id));
}
