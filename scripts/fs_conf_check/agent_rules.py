"""Rules about agents: contacts that ring a phone for nobody, and what a load of the module sets back."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scripts.fs_conf_check.finding import NOTE, SERIOUS, WARNING, Finding
from scripts.fs_conf_check.tree import Element

NAME = re.compile(r"[A-Za-z0-9_.@+-]{1,64}")
STATUSES = {"Available", "Available (On Demand)", "On Break", "Logged Out"}
CALLERS_TEXT = re.compile(
    r"\$\{(?:caller_id_name|effective_caller_id_name|sip_(?:from|h_|P-)[^}]*|destination_number)\}"
)
_COMMAND = re.compile(r"\$\{[a-z_0-9]+\(")


def xml_agent(agent: Element) -> Iterator[Finding]:
    """An agent defined in callcenter.conf."""
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
    yield from name_findings(where, "agent", name)
    yield from _contact(where, name, contact)
    if status and status not in STATUSES and status.lower() in {known.lower() for known in STATUSES}:
        yield Finding(
            SERIOUS,
            "status-spelling",
            where,
            f"Agent «{name}» has the status «{status}».",
            "mod_callcenter takes any letter case but compares exactly: the agent never gets a call.",
            "callcenter_config agent set status AGENT 'Available', exactly so.",
        )


def _contact(where: str, name: str, contact: str) -> Iterator[Finding]:
    if "|" in contact:
        yield Finding(
            SERIOUS,
            "pipe-in-contact",
            where,
            f"The contact of «{name}» holds «|».",
            "When the caller hangs up or the agent goes on break, FreeSWITCH rings the next phone in the list, for nobody.",
            "Write the phones side by side with a delay: [leg_timeout=15]user/…,[leg_delay_start=10]sofia/gateway/….",
        )
    if CALLERS_TEXT.search(contact):
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


def name_findings(where: str, what: str, name: str) -> Iterator[Finding]:
    """What is wrong with the name of an agent or a queue."""
    if not NAME.fullmatch(name):
        yield Finding(
            SERIOUS,
            "name-form",
            where,
            f"The {what} «{name}» has other characters than letters, digits and . _ @ + -, or more than 64.",
            "Sasayaki shows it and refuses every command about it: such a name would be another command.",
            f"Rename the {what}.",
        )
