"""A small deployment that somebody else might have written, in which nothing is wrong; tests break one thing at a time."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

REPOSITORY = Path(__file__).parents[3]
SCRIPT = REPOSITORY / "scripts" / "check_fs_conf"
MODULES = (
    "mod_commands mod_dptools mod_dialplan_xml mod_hash mod_sndfile mod_tone_stream mod_local_stream mod_python3 mod_spy "
    "mod_sofia mod_callcenter mod_event_socket"
)

FREESWITCH = """<?xml version="1.0"?>
<document type="freeswitch/xml">
<X-PRE-PROCESS cmd="include" data="vars.xml"/>
<section name="configuration">
<X-PRE-PROCESS cmd="include" data="autoload_configs/*.xml"/>
</section>
<section name="dialplan">
<X-PRE-PROCESS cmd="include" data="dialplan/*.xml"/>
</section>
<section name="directory">
<X-PRE-PROCESS cmd="include" data="directory/*.xml"/>
</section>
</document>
"""
VARS = """<include>
  <X-PRE-PROCESS cmd="set" data="hold_music=local_stream://moh"/>
  <X-PRE-PROCESS cmd="set" data="event_password=0f8e1c77a9d34c55b0d2"/>
</include>
"""
CONFIGURATION = f"""<include>
<configuration name="modules.conf"><modules>
{"".join(f'<load module="{name}"/>' for name in MODULES.split())}
</modules></configuration>
<configuration name="switch.conf"><settings>
  <param name="sessions-per-second" value="200"/>
</settings></configuration>
<configuration name="event_socket.conf"><settings>
  <param name="listen-ip" value="127.0.0.1"/>
  <param name="password" value="$${{event_password}}"/>
</settings></configuration>
<configuration name="acl.conf"><network-lists>
  <list name="carriers" default="deny"><node type="allow" cidr="192.0.2.1/32"/></list>
  <list name="everybody" default="allow"/>
</network-lists></configuration>
<configuration name="sofia.conf"><profiles>
<profile name="internal"><settings>
  <param name="context" value="default"/>
  <param name="auth-calls" value="true"/>
  <param name="rtp-timer-name" value="soft"/>
  <param name="enable-chat" value="false"/>
  <param name="inbound-codec-prefs" value="OPUS,PCMU"/>
</settings></profile>
<profile name="external"><settings>
  <param name="context" value="public"/>
  <param name="apply-inbound-acl" value="carriers"/>
  <param name="rtp-timer-name" value="soft"/>
  <param name="enable-chat" value="false"/>
</settings></profile>
</profiles></configuration>
<configuration name="callcenter.conf">
  <settings/>
  <queues><queue name="support@default">
    <param name="strategy" value="longest-idle-agent"/>
  </queue></queues>
  <agents/>
  <tiers/>
</configuration>
</include>
"""
DIALPLAN = """<include>
<context name="public">
  <extension name="support"><condition field="destination_number" expression="^5000$">
    <action application="limit" data="hash inbound all 30 !USER_BUSY"/>
    <action application="set" data="hangup_after_bridge=true"/>
    <action application="callcenter" data="support@default"/>
  </condition></extension>
</context>
<context name="default">
  <extension name="inside"><condition field="destination_number" expression="^(1\\d{3})$">
    <action application="bridge" data="user/$1@default"/>
  </condition></extension>
  <extension name="out"><condition field="destination_number" expression="^(0[1-9]\\d{8})$">
  </condition><condition field="${user_name}/${cc_tracked_agent}" expression="^\\d+/$" break="never">
    <action application="callcenter_track" data="${user_name}@${domain_name}"/>
  </condition><condition field="destination_number" expression="^(0[1-9]\\d{8})$">
    <action application="bridge" data="sofia/gateway/carrier/$1"/>
  </condition></extension>
</context>
</include>
"""
DIRECTORY = """<include>
<domain name="default">
  <params>
    <param name="dial-string" value="${sofia_contact(*/${dialed_user}@${dialed_domain})}"/>
  </params>
  <users>
    <user id="1001"><params><param name="password" value="d7e1c0b3a5"/></params></user>
    <user id="1002"><params><param name="a1-hash" value="5f4dcc3b5aa765d61d8327deb882cf99"/></params></user>
  </users>
</domain>
</include>
"""
FILES = {
    "freeswitch.xml": FREESWITCH,
    "vars.xml": VARS,
    "autoload_configs/all.conf.xml": CONFIGURATION,
    "dialplan/all.xml": DIALPLAN,
    "directory/all.xml": DIRECTORY,
}


def write(folder: Path, *changes: tuple[str, str]) -> Path:
    """The deployment with each first text replaced by the second, wherever it stands (it has to stand somewhere)."""
    whole = "".join(FILES.values())
    for old, _ in changes:
        assert old in whole, f"{old!r} is not in the deployment"
    for name, text in FILES.items():
        for old, new in changes:
            text = text.replace(old, new)  # noqa: PLW2901 - one change after the other
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def run(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """The script as a person starts it."""
    return subprocess.run([SCRIPT, folder, *options], capture_output=True, text=True, timeout=60, check=False)


def findings(folder: Path) -> list[dict[str, str]]:
    """What the script found."""
    outcome = run(folder, "--json")
    assert outcome.returncode in (0, 1), outcome.stderr
    found: list[dict[str, str]] = json.loads(outcome.stdout)
    return found
