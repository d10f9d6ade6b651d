/** Who would be rung next for a queue, in words: now, after the change, and what the number does with the queue's strategy. */
import { html, nothing, type TemplateResult } from "lit";
import type { Forecast, NotRung, Offer } from "../api/queues";
import { board } from "../live/live";
import { maybe, t, type Key } from "../text/text";
import { rungReason } from "../text/wording";

/** More names than these are counted. */
const MOST = 4;

const nameOf = (agent: string): string => board.nameOf(agent);

/** The offer in a sentence: who is rung, or why nobody is. */
export function offerText(offer: Offer): string {
  const { agents, rings } = offer;
  if (!agents.length) return nobodyText(offer.reasons);
  if (rings === "one") return t("forecast.one", { name: nameOf(agents[0] ?? "") });
  const names = agents.slice(0, MOST).map(nameOf).join(t("list.comma"));
  const more = agents.length > MOST ? t("forecast.more", { n: agents.length - MOST }) : "";
  return t(rings === "all" ? "forecast.all" : "forecast.any_of", { names: names + more });
}

/** Why nobody is rung: each reason with the number of agents that it holds back. */
export function nobodyText(reasons: readonly NotRung[]): string {
  if (!reasons.length) return t("forecast.empty");
  const counts = new Map<string, number>();
  for (const { id } of reasons) counts.set(id, (counts.get(id) ?? 0) + 1);
  const parts = [...counts].sort((a, b) => b[1] - a[1]).map(([id, n]) => t("forecast.count", { reason: maybe("not_rung", id, id), n }));
  return t("forecast.nobody", { reasons: parts.join(t("list.comma")) });
}

/** What the priority does with this strategy; null where it simply orders. */
export function strategyNote(strategy: string, tierRules: boolean): Key | null {
  switch (strategy) {
    case "ring-all":
      return tierRules ? "strategy.ring_all.rules" : "strategy.ring_all";
    case "top-down":
      return "strategy.top_down";
    case "ring-progressively":
      return "strategy.ring_progressively";
    default:
      return tierRules ? "strategy.rules" : null;
  }
}

/** `agent` is the one whose priority is to be changed. */
export function forecastView(forecast: Forecast, agent: string): TemplateResult {
  const { now, after } = forecast;
  const note = strategyNote(now.strategy, forecast.tier_rules);
  const own = (after ?? now).reasons.find((one) => one.agent === agent && one.id !== "others_first");
  const before = offerText(now);
  const then = after ? offerText(after) : "";
  return html`<dl class="forecast">
      <dt>${t("forecast.now")}</dt>
      <dd>${before}</dd>
      ${after ? html`<dt>${t("forecast.after")}</dt><dd class=${then === before ? "" : "other"}>${then === before ? t("forecast.same") : then}</dd>` : nothing}
      ${own ? html`<dt>${nameOf(agent)}</dt><dd>${rungReason(own.id)}</dd>` : nothing}
    </dl>
    ${note ? html`<p class="note">${t(note)}</p>` : nothing}`;
}
