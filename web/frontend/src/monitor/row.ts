/** What stands in the cells of one agent, the same in the table and on the cards. */
import { html, nothing, type TemplateResult } from "lit";
import type { Agent, Verdict } from "../api/board";
import { board, ticker } from "../live/live";
import { since } from "../live/since";
import { maybe, t } from "../text/text";
import { callText, listenerText, reasonText, statusText } from "../text/wording";
import { mayChangeLater, nextOf, priorityAction, statusAction } from "../view/action";
import { alarmIds } from "../view/alarms";
import type { ColumnId } from "../view/columns";
import { icon, shape } from "../view/shapes";
import { queueLabel } from "./queues";

/** What can be pressed in a row, from left to right. */
export type Control = "name" | "status" | "next" | "priority";

export interface RowContext {
  queue: string | null;
  /** tab index of a control: one of all rows' controls is in the tab order, arrows reach the rest */
  tab: (agent: string, control: Control) => number;
  /** the row is one's own: during a call its status opens the window for «after this call» */
  own?: boolean;
}

/** An id that may stand in aria-describedby, which splits at spaces. */
function whyId(agent: string, control: Control): string {
  return `why-${control}-${encodeURIComponent(agent)}`;
}

function control(agent: Agent, name: Control, verdict: Verdict, content: unknown, row: RowContext, extra: string): TemplateResult {
  const why = reasonText(verdict);
  const id = whyId(agent.agent, name);
  return html`<button
      type="button"
      class=${extra}
      data-control=${name}
      data-agent=${agent.agent}
      data-color=${name === "status" ? agent.status.color : nothing}
      aria-disabled=${verdict.ok ? nothing : "true"}
      aria-haspopup=${verdict.ok ? "dialog" : nothing}
      aria-describedby=${why ? id : nothing}
      data-tip=${why || nothing}
      tabindex=${row.tab(agent.agent, name)}
    >
      ${content}</button
    >${why ? html`<span class="vh" id=${id}>${why}</span>` : nothing}`;
}

export function statusControl(agent: Agent, row: RowContext): TemplateResult {
  const { status } = agent;
  const { window, verdict } = statusAction(agent);
  const own = row.own === true && mayChangeLater(agent);
  const allowed = own ? { ok: true, reason: null } : window === null ? { ok: false, reason: verdict.reason } : verdict;
  const content = html`${shape(status.shape)}<span class="text">${statusText(status)}</span>`;
  return html`<span class="state-cell">${control(agent, "status", allowed, content, row, "status")}${nextControl(agent, row)}</span>`;
}

/** The agent's name; opens what there is to know about him. */
export function nameControl(agent: Agent, row: RowContext): TemplateResult {
  return control(agent, "name", { ok: true, reason: null }, agent.name, row, "name-button");
}

export function priorityControl(agent: Agent, row: RowContext): TemplateResult {
  const content = row.queue === null || agent.priority === null ? t("none") : agent.priority;
  const label = html`<span class="vh">${t("column.priority.full")} </span>${content}`;
  return control(agent, "priority", priorityAction(agent, row.queue), label, row, "priority");
}

/** Time left of an automatic wrap-up, or what comes after the call; a click ends or cancels it. */
function nextControl(agent: Agent, row: RowContext): TemplateResult | typeof nothing {
  const next = nextOf(agent);
  if (!next) return nothing;
  if (next.kind === "wrap_up") {
    return nextButton(agent, next.verdict, html`<span class="text">${since(next.until, true)}</span>`, t("wrap_up.left"), t("wrap_up.end"), row);
  }
  const look = board.statuses.find((one) => one.code === next.code);
  const status = statusText({ code: next.code, label: look?.label ?? "" });
  const short = html`→ ${shape(look?.shape ?? "ring")}<span class="text">${status}</span>`;
  return html`<span class="until-of" data-color=${look?.color ?? "grey"}
    >${nextButton(agent, next.verdict, short, t("status.after", { status }), t("after_call.cancel"), row)}</span
  >`;
}

/** `what` says what it is, `act` what a click does. */
function nextButton(agent: Agent, verdict: Verdict, text: TemplateResult, what: string, act: string, row: RowContext): TemplateResult {
  if (!verdict.ok) {
    return html`<span class="until muted" data-tip=${what}><span class="vh">${what} </span>${text}</span>`;
  }
  const label = `${what} – ${act}`;
  return html`<button
    type="button"
    class="until quiet"
    data-control="next"
    data-agent=${agent.agent}
    data-tip=${label}
    aria-label=${label}
    tabindex=${row.tab(agent.agent, "next")}
  >
    ${text}${icon("cross")}
  </button>`;
}

export function party(agent: Agent): TemplateResult | typeof nothing {
  const { call } = agent;
  if (!call) return nothing;
  const state = maybe("call", call.state, "");
  const who = callText(call);
  const queue = queueLabel(call.queue);
  return html`<span data-tip=${[who, state, queue].filter(Boolean).join(" ・ ")}
    >${who}${state || queue ? html` <span class="muted">${state} ${queue}</span>` : nothing}</span
  >`;
}

export function listeners(agent: Agent): TemplateResult | typeof nothing {
  const all = agent.call?.supervised ?? [];
  if (!all.length) return nothing;
  const text = all.map(listenerText).join(t("list.comma"));
  return html`<span class="listeners" data-tip=${text}>${icon("headset")}<span>${text}</span></span>`;
}

/** Alarm ids of an agent as of now. */
export function alarmsOf(agent: Agent): string[] {
  return alarmIds(agent, ticker.now());
}

export function alarms(agent: Agent): TemplateResult[] | typeof nothing {
  const all = alarmsOf(agent);
  if (!all.length) return nothing;
  return all.map((id) => {
    const hint = maybe("alarm.hint", id, "");
    return html`<span class="alarm" data-tip=${hint || nothing}>${icon("warn")}${maybe("alarm", id, id)}</span>`;
  });
}

/** Since when the hand is up. */
export function hand(agent: Agent): TemplateResult | typeof nothing {
  if (!agent.hand_since) return nothing;
  return html`<span class="hand" data-color="orange">${icon("hand")}<span class="vh">${t("hands.up")} </span>${since(agent.hand_since)}</span>`;
}

/** The content of one cell. */
export function cell(agent: Agent, column: ColumnId, row: RowContext): unknown {
  switch (column) {
    case "name":
      return nameControl(agent, row);
    case "account":
      return agent.login ?? t("none");
    case "agent":
      return agent.agent;
    case "terminal":
      return (agent.terminal_shown ?? agent.terminal) || t("none");
    case "status":
      return statusControl(agent, row);
    case "hand":
      return hand(agent);
    case "elapsed":
      return since(agent.status.since);
    case "talk":
      return since(agent.talk_since);
    case "hold":
      return since(agent.hold_since);
    case "with":
      return party(agent);
    case "supervised":
      return listeners(agent);
    case "priority":
      return priorityControl(agent, row);
    case "queues":
      return agent.queues.map(queueLabel).join(t("list.comma"));
    case "alarms":
      return alarms(agent);
  }
}
