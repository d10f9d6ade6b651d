"""Rules about mod_callcenter: what would undo the panel's changes, mislead it, or ring a phone for nobody."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from scripts.fs_conf_check.finding import NOTE, SERIOUS, WARNING, Finding
from scripts.fs_conf_check.switch_conf import SwitchConf, is_true
from scripts.fs_conf_check.tree import Element

NAME = re.compile(r"[A-Za-z0-9_.@+-]{1,64}")
STRATEGIES = {
    "ring-all", "longest-idle-agent", "round-robin", "top-down", "agent-with-least-talk-time", "agent-with-fewest-calls",
    "sequentially-by-agent-order", "random", "ring-progressively",
}  # fmt: skip
STATUSES = {"Available", "Available (On Demand)", "On Break", "Logged Out"}
_CALLERS_TEXT = re.compile(
    r"\$\{(?:caller_id_name|effective_caller_id_name|sip_(?:from|h_|P-)[^}]*|destination_number)\}"
)
_COMMAND = re.compile(r"\$\{[a-z_0-9]+\(")


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
        yield from _xml_agent(agent)
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
    yield from _name(where, "queue", name)
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
    if _CALLERS_TEXT.search(parameters.get("record-template", "")):
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


def _xml_agent(agent: Element) -> Iterator[Finding]:
    name = agent.get("name")
    if agent.get("status"):
        yield Finding(
            SERIOUS,
            "status-in-xml",
            agent.where,
            f"Agent «{name}» has a status in XML («{agent.get('status')}»).",
            "Every load of the module or of a queue sets it again: an agent on break is put back to work.",
            "Remove the attribute status; the database keeps the real one.",
        )
    yield Finding(
        WARNING,
        "agent-in-xml",
        agent.where,
        f"Agent «{name}» is defined in XML.",
        "Contact, wrap-up time and delays set in the panel are set back at every load of the module or of a queue.",
        "Agents that exist stay in the database: remove the element, and add new ones by API (callcenter_config agent add).",
    )
    yield from agent_findings(agent.where, name, agent.get("contact"), agent.get("status"))


def agent_findings(where: str, name: str, contact: str, status: str) -> Iterator[Finding]:
    """What is wrong with one agent, in XML or in the running switch."""
    yield from _name(where, "agent", name)
    if "|" in contact:
        yield Finding(
            SERIOUS,
            "pipe-in-contact",
            where,
            f"The contact of «{name}» holds «|».",
            "When the caller hangs up or the agent goes on break, FreeSWITCH rings the next phone in the list, for nobody.",
            "Write the phones side by side with a delay: [leg_timeout=15]user/…,[leg_delay_start=10]sofia/gateway/….",
        )
    if _CALLERS_TEXT.search(contact):
        yield Finding(
            SERIOUS,
            "callers-text-in-contact",
            where,
            f"The contact of «{name}» holds what a caller sends.",
            "A caller adds phones or commands to the dial string (contacts are expanded with the caller's variables).",
            "Build contacts from fixed digits only.",
        )
    elif _COMMAND.search(contact):
        yield Finding(
            NOTE,
            "command-in-contact",
            where,
            f"The contact of «{name}» runs a command of FreeSWITCH (${{…(…)}}).",
            "Works while api-expansion is on; whoever may write contacts may run any command.",
            "Write user/EXTENSION@DOMAIN.",
        )
    if "user/" in contact and "leg_timeout" not in contact:
        yield Finding(
            WARNING,
            "no-leg-timeout",
            where,
            f"The contact of «{name}» has no leg_timeout.",
            "user/ rings 60 s by itself, whatever agent-originate-timeout says; the caller waits as long.",
            "Write [leg_timeout=15]user/….",
        )
    if status and status not in STATUSES and status.lower() in {known.lower() for known in STATUSES}:
        yield Finding(
            SERIOUS,
            "status-spelling",
            where,
            f"Agent «{name}» has the status «{status}».",
            "mod_callcenter takes any letter case but compares exactly: the agent never gets a call.",
            "callcenter_config agent set status AGENT 'Available', exactly so.",
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


def _name(where: str, what: str, name: str) -> Iterator[Finding]:
    if not NAME.fullmatch(name):
        yield Finding(
            SERIOUS,
            "name-form",
            where,
            f"The {what} «{name}» has other characters than letters, digits and . _ @ + -, or more than 64.",
            "Sasayaki shows it and refuses every command about it: such a name would be another command.",
            f"Rename the {what}.",
        )
