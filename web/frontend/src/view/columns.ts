/** The columns of the agent table. */
import type { Key } from "../text/text";

export type ColumnId =
  | "name"
  | "account"
  | "agent"
  | "terminal"
  | "status"
  | "hand"
  | "elapsed"
  | "talk"
  | "hold"
  | "with"
  | "supervised"
  | "priority"
  | "queues"
  | "alarms";

export interface Column {
  id: ColumnId;
  label: Key;
  /** shown until somebody chooses otherwise */
  standard: boolean;
  /** a number or a time: stands to the right */
  number?: boolean;
  /** cannot be taken away */
  fixed?: boolean;
}

export const COLUMNS: readonly Column[] = [
  { id: "name", label: "column.name", standard: true, fixed: true },
  { id: "account", label: "column.account", standard: true },
  { id: "agent", label: "column.agent", standard: false },
  { id: "terminal", label: "column.terminal", standard: true },
  { id: "status", label: "column.status", standard: true, fixed: true },
  { id: "hand", label: "column.hand", standard: true, number: true },
  { id: "elapsed", label: "column.elapsed", standard: true, number: true },
  { id: "talk", label: "column.talk", standard: true, number: true },
  { id: "hold", label: "column.hold", standard: true, number: true },
  { id: "priority", label: "column.priority", standard: true, number: true },
  { id: "with", label: "column.with", standard: true },
  { id: "supervised", label: "column.supervised", standard: true },
  { id: "queues", label: "column.queues", standard: false },
  { id: "alarms", label: "column.alarms", standard: true },
];

export const DEFAULT_COLUMNS: readonly ColumnId[] = COLUMNS.filter((column) => column.standard).map((c) => c.id);
