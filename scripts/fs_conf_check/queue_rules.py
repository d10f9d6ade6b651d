"""Rules about mod_callcenter: what would undo the panel's changes, mislead it, or ring a phone for nobody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from scripts.fs_conf_check.agent_rules import CALLERS_TEXT, name_findings, xml_agent
from scripts.fs_conf_check.finding import NOTE, SERIOUS, WARNING, Finding
from scripts.fs_conf_check.switch_conf import SwitchConf, is_true
from scripts.fs_conf_check.tree import Element

STRATEGIES = {
    "ring-all", "longest-idle-agent", "round-robin", "top-down", "agent-with-least-talk-time", "agent-with-fewest-calls",
    "sequentially-by-agent-order", "random", "ring-progressively",
}  # fmt: skip


def check(conf: SwitchConf) -> Iterator[Finding]:
    """All of them."""
    found = conf.configuration("callcenter.conf")
    if found is None:
        yield Finding(
            SERIOUS,
            "no-queues",
            "callcenter.conf.xml",
            "There is no callcenter.conf.",
            "Without mod_callcenter's queues there is no floor to watch.",
            "Write autoload_configs/callcenter.conf.xml with your queues.",
        )
        return
    settings = found.parameters("settings")
    yield from _module_settings(settings)
    attributes = ("queue", "agent", "level", "position")
    tiers = [tuple(tier.get(name) for name in attributes) for tier in found.all("tiers", "tier")]
    for queue in conf.callcenter("queues", "queue"):
        parameters = {name: element.get("value") for name, element in queue.parameters().items()}
        own = [(agent, level, position) for name, agent, level, position in tiers if name == queue.get("name")]
        yield from queue_findings(queue.where, queue.get("name"), parameters, own)
    for agent in conf.callcenter("agents", "agent"):
        yield from xml_agent(agent)
    for tier in conf.callcenter("tiers", "tier")[:1]:
        yield _xml_tiers(tier, len(tiers))


def _module_settings(settings: dict[str, Element]) -> Iterator[Finding]:
    for name in ("truncate-tiers-on-load", "truncate-agents-on-load"):
        if name in settings and is_true(settings[name].get("value")):
            yield Finding(
                SERIOUS,
                "truncate-on-load",
                settings[name].where,
                f"{name} is on.",
                "Each load of the module forgets the agents, or the priorities, that were made through the panel.",
                f"Remove {name}.",
            )
    if "reserve-agents" in settings and is_true(settings["reserve-agents"].get("value")):
        yield Finding(
            WARNING,
            "reserve-agents",
            settings["reserve-agents"].where,
            "reserve-agents is on.",
            "An agent can stay «Reserved» for ever and get no more calls (mod_callcenter.c:2358).",
            "Set reserve-agents to false.",
        )


def queue_findings(
    where: str, name: str, parameters: dict[str, str], tiers: Iterable[tuple[str, str, str]]
) -> Iterator[Finding]:
    """What is wrong with one queue; ``tiers`` are (agent, level, position), where an empty level or position means 1."""
    tiers = [(agent, level or "1", position or "1") for agent, level, position in tiers]
    strategy = parameters.get("strategy", "longest-idle-agent")
    yield from name_findings(where, "queue", name)
    yield from _strategy(where, name, strategy, parameters, tiers)
    yield from _calls(where, name, parameters)


def _strategy(
    where: str, name: str, strategy: str, parameters: dict[str, str], tiers: list[tuple[str, str, str]]
) -> Iterator[Finding]:
    if strategy not in STRATEGIES:
        yield Finding(
            WARNING,
            "unknown-strategy",
            where,
            f"Queue «{name}» has the strategy «{strategy}», which mod_callcenter does not know.",
            "It distributes by level and position without saying that the name is wrong.",
            f"Write one of {', '.join(sorted(STRATEGIES - {'top-down'}))}.",
        )
    if strategy == "top-down":
        yield _top_down(where, name, tiers)
    if strategy == "round-robin" and len({position for _, _, position in tiers}) > 1:
        yield Finding(
            WARNING,
            "round-robin-positions",
            where,
            f"Queue «{name}» is round-robin and its tiers have different positions.",
            "After a call to an agent of a late level, others of that level come before the first one: priorities are not kept.",
            "Give every tier the position 1 (callcenter_config tier set position QUEUE AGENT 1).",
        )
    if strategy == "ring-all" and not is_true(parameters.get("tier-rules-apply", "")):
        yield Finding(
            WARNING,
            "ring-all-priorities",
            where,
            f"Queue «{name}» rings all at once without tier rules.",
            "Priorities change nothing there, and an offer cannot be withdrawn by changing an agent's status.",
            "Take another strategy, or set tier-rules-apply=true, tier-rule-wait-second and tier-rule-no-agent-no-wait=true.",
        )


def _calls(where: str, name: str, parameters: dict[str, str]) -> Iterator[Finding]:
    """What one queue does with its calls that nobody would expect."""
    if CALLERS_TEXT.search(parameters.get("record-template", "")):
        yield Finding(
            WARNING,
            "callers-text-in-file-name",
            where,
            f"Queue «{name}» puts what a caller sends into the names of recordings.",
            "A caller chooses where the file lies.",
            "Use ${uuid} and ${strftime(…)} only.",
        )
    if parameters.get("skip-agents-with-external-calls", "true") and not is_true(
        parameters.get("skip-agents-with-external-calls", "true")
    ):
        yield Finding(
            NOTE,
            "busy-agents-are-rung",
            where,
            f"Queue «{name}» rings agents who are in an outside call.",
            "Their phones ring in the middle of it, and the offer is counted as not answered.",
            "Remove skip-agents-with-external-calls=false.",
        )


def _top_down(where: str, name: str, tiers: list[tuple[str, str, str]]) -> Finding:
    at = defaultdict(list)
    for agent, level, position in tiers:
        at[level, position].append(agent)
    equal = [agents for agents in at.values() if len(agents) > 1]
    if equal:
        return Finding(
            SERIOUS,
            "top-down-equal-tiers",
            where,
            f"Queue «{name}» is top-down and {len(equal[0])} agents share level and position ({', '.join(equal[0][:4])}).",
            "Only one of them is tried; the others never get a call, whatever their priority.",
            "Take longest-idle-agent or sequentially-by-agent-order, which keep levels too.",
        )
    return Finding(
        WARNING,
        "top-down",
        where,
        f"Queue «{name}» is top-down.",
        "A caller gets stuck behind agents who are busy, and two agents whom the panel gives one priority block each other.",
        "Take longest-idle-agent or sequentially-by-agent-order, which keep levels too.",
    )


def _xml_tiers(first: Element, count: int) -> Finding:
    return Finding(
        SERIOUS,
        "tiers-in-xml",
        first.where,
        f"{count} tier{'s are' if count > 1 else ' is'} defined in XML.",
        "Every load of the module or of a queue sets level and position back (to 1 where they are left out): priorities given in "
        "the panel are lost.",
        "Tiers that exist stay in the database: remove the elements, and add new ones by API (callcenter_config tier add).",
    )
