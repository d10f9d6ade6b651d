"""Changes to the deployment: each a text that stands in it, and what a test puts there instead."""

from __future__ import annotations

AGENTS = "<agents/>"
TIERS = "<tiers/>"
STRATEGY = '<param name="strategy" value="longest-idle-agent"/>'
AGENT = '<agents><agent name="1001@default" type="callback" contact="{}"{}/></agents>'
PASSWORD = 'value="$${event_password}"'
LISTEN = 'value="127.0.0.1"'


def tiers(*rows: tuple[str, str]) -> tuple[str, str]:
    parts = [f'<tier agent="{1001 + n}@default" queue="support@default" {row[1]}/>' for n, row in enumerate(rows)]
    return TIERS, f"<tiers>{''.join(parts)}</tiers>"


def strategy(name: str, more: str = "") -> tuple[str, str]:
    return STRATEGY, f'<param name="strategy" value="{name}"/>{more}'


def profile(parameter: str, value: str) -> tuple[str, str]:
    return (
        '<param name="auth-calls" value="true"/>',
        f'<param name="auth-calls" value="true"/><param name="{parameter}" value="{value}"/>',
    )


def core(parameter: str, value: str) -> tuple[str, str]:
    line = '<param name="sessions-per-second" value="200"/>'
    return line, f'{line}<param name="{parameter}" value="{value}"/>'


def module_setting(parameter: str) -> tuple[str, str]:
    return "<settings/>", f'<settings><param name="{parameter}" value="true"/></settings>'


def loads(module: str) -> tuple[str, str]:
    line = '<load module="mod_hash"/>'
    return line, f'{line}<load module="{module}"/>'


def agent(contact: str, more: str = "") -> tuple[str, str]:
    return AGENTS, AGENT.format(contact, more)


def action(application: str, data: str) -> tuple[str, str]:
    line = '<action application="callcenter" data="support@default"/>'
    return line, f'<action application="{application}" data="{data}"/>{line}'


def without(module: str) -> tuple[str, str]:
    return f'<load module="{module}"/>', ""


EQUAL = (("", 'level="1" position="1"'), ("", 'level="1" position="1"'))
