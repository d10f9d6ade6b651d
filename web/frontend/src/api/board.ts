/** Shapes of the board as the server sends it. Times are epoch seconds with milliseconds on the server's clock. */

export interface Verdict {
  ok: boolean;
  /** error id when not ok */
  reason: string | null;
}

export type Permission = "change_status" | "change_priority" | "change_confirmation" | "monitor" | "whisper" | "barge" | "take_over";

export interface StatusLook {
  code: string;
  label: string;
  shape: string;
  color: string;
}

export interface AgentStatus extends StatusLook {
  since: number;
  /** end of an automatic wrap-up */
  until?: number | null;
  /** from when on the row is marked as over the status's limit */
  over_at?: number | null;
}

export interface Party {
  name: string;
  number: string;
}

export type Mode = "monitor" | "whisper" | "barge";

export interface Listener {
  id: string;
  login: string;
  name: string;
  mode: Mode;
  state: string;
  /** whispers or barges into a call on hold: nobody hears it now */
  silent?: boolean;
  /** FreeSWITCH's answer to a change of mode was lost: `mode` is the loudest that may be heard */
  mode_unsure?: boolean;
  /** hears another call of the agent than the row shows: the customer on hold while he asks a colleague */
  other_call?: boolean;
}

export interface Call {
  id: string;
  kind: string;
  state: string;
  queue: string | null;
  with: Party;
  since: number;
  supervised: Listener[];
}

export interface Agent {
  agent: string;
  /** the account that is this agent */
  login?: string | null;
  name: string;
  node?: string;
  terminal: string;
  /** as people write it */
  terminal_shown?: string;
  terminal_kind?: string;
  terminal_extension?: string | null;
  terminal_number?: string | null;
  terminal_delay_s?: number | null;
  terminal_confirm?: boolean;
  terminal_restorable?: boolean;
  status: AgentStatus;
  chosen?: { code: string; label: string; since: number };
  /** in the selected queue */
  priority: number | null;
  /** by queue, of those that one may see */
  priorities?: Record<string, number>;
  queues: string[];
  /** the status that was asked for to follow the present call; null: none was */
  after_call?: string | null;
  /** since when the agent asks for help */
  hand_since?: number | null;
  call: Call | null;
  talk_since: number | null;
  hold_since: number | null;
  alarms: string[];
  no_answer?: boolean;
  may: Record<Permission, Verdict>;
}

export interface AgentCounts {
  total: number;
  available: number;
  busy: number;
  ringing: number;
  away: number;
  logged_out: number;
}

export interface Queue {
  queue: string;
  label: string;
  right: string;
  strategy?: string;
  waiting: number;
  longest_wait_since: number | null;
  agents: AgentCounts;
  answered?: number;
  abandoned?: number;
  tier_rules?: boolean;
  /** modes at whose beginning the agent hears a tone */
  notices?: string[];
}

export interface Member {
  member: string;
  queue: string;
  name: string;
  number: string;
  since: number;
  state: string;
  agent: string | null;
}

export interface Supervision {
  id: string;
  agent: string;
  mode: Mode;
  state: string;
  cause: string | null;
  extension: string;
  queue: string | null;
  follow: boolean;
  /** whispers or barges into a call on hold: nobody hears it now */
  silent?: boolean;
  /** FreeSWITCH's answer to a change of mode was lost: `mode` is the loudest that may be heard */
  mode_unsure?: boolean;
  /** the call's sound bypasses FreeSWITCH: nothing can be heard */
  no_media?: boolean;
  login: string;
  name: string;
  /** what it may go over to now, for its listener and administrators */
  may?: Record<Mode | "take_over", Verdict> | null;
  /** when it was asked for */
  asked_at?: number;
  /** since when one listens; null before */
  since: number | null;
  mine: boolean;
}

export interface Link {
  state: "live" | "down";
  since: number;
  delay_ms: number | null;
  nodes?: { name: string; state: string; since: number; delay_ms: number | null }[];
}

export interface SelectableStatus extends StatusLook {
  selectable: boolean;
  /** agents may choose it for themselves */
  own?: boolean;
  limit_min?: number | null;
}

export interface Snapshot {
  seq: number;
  epoch: string;
  /** whose picture it is */
  login: string;
  queue: string | null;
  practice: boolean;
  now: number;
  link: Link;
  /** alarms of the whole site */
  alarms: string[];
  statuses: SelectableStatus[];
  extensions: string[];
  queues: Queue[];
  agents: Agent[];
  waiting: Member[];
  supervisions: Supervision[];
}

export type Kind = "agents" | "queues" | "waiting" | "supervisions";

export interface Change {
  seq: number;
  /** the newest event's time on the switch; absent or null when no event of the switch is behind the change */
  at?: number | null;
  agents?: Agent[];
  queues?: Queue[];
  waiting?: Member[];
  supervisions?: Supervision[];
  gone?: Partial<Record<Kind, string[]>>;
  link?: Link;
  alarms?: string[];
  extensions?: string[];
}

export interface Ping {
  now: number;
  seq: number;
  link?: Link;
}
