"""Accounts, queue rights and the audit at the command line. Works while the service runs, which hears of every change.

Owns arguments and sentences; what is changed, audited and announced is the store's. Whoever may run it may read the
database anyway, so there is no permission to check.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from fs_app.floor.actor import RIGHTS, ROLES
from fs_app.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fs_app.store.account_rows import Account
    from fs_app.wiring.stores import AccountStores

LOCALES = ("ja", "en")
# Far more than any password; reading ends there whatever is piped in (characters).
LONGEST_INPUT = 10_000
REFUSALS = {
    "unknown_account": "There is no account «{login}».",
    "login_taken": "There is an account «{login}» already. Choose another login.",
    "agent_taken": "Another account is the agent «{agent}» already.",
}


def add_parsers(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add ``account``, ``grant`` and ``audit`` to the commands of ``python -m fs_app``.

    Each sets ``run``, to be called with the settings and the parsed arguments; it returns the exit code.
    """
    account = commands.add_parser("account", help="make accounts").add_subparsers(
        required=True, metavar="add|renew-dial"
    )
    command = account.add_parser("add", parents=[common], help="make an account")
    command.add_argument("login", type=_rule("login"), metavar="LOGIN")
    command.add_argument("--role", required=True, choices=ROLES)
    command.add_argument("--name", required=True, type=_rule("person"), help="the person's name")
    command.add_argument("--locale", choices=LOCALES, default="ja", help="language of the pages (default: ja)")
    command.add_argument("--agent", type=_rule("agent"), help="the agent that this person is, e.g. 1001@default")
    command.add_argument(
        "--extension",
        action="append",
        default=[],
        type=_rule("extension"),
        metavar="NNNN",
        help="an extension to listen on; may be given several times",
    )
    command.add_argument("--must-change", action="store_true", help="the password must be changed at the first log-in")
    command.add_argument("--password-stdin", action="store_true", required=True, help="read the password from stdin")
    command.set_defaults(run=add_account)
    command = account.add_parser("renew-dial", parents=[common], help="make a new dial password for the dial codes")
    command.add_argument("login", metavar="LOGIN")
    command.set_defaults(run=renew_dial)
    command = commands.add_parser("grant", parents=[common], help="give an account a right on a queue")
    command.add_argument("login", metavar="LOGIN")
    command.add_argument("queue", type=_rule("queue"), metavar="QUEUE", help="e.g. support@default")
    command.add_argument("right", choices=RIGHTS)
    command.set_defaults(run=grant)
    audit = commands.add_parser("audit", help="check the audit").add_subparsers(required=True, metavar="verify")
    command = audit.add_parser("verify", parents=[common], help="name the first row that is not as it was written")
    command.set_defaults(run=verify_audit)


def _rule(name: str) -> Callable[[str], str]:
    """The rule of that name as an argument's type; its sentence is told on a wrong value."""

    def judge(text: str) -> str:
        from fs_app.store import account_rules  # noqa: PLC0415 - other commands start without it

        try:
            judged: str = getattr(account_rules, name)(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None
        return judged

    return judge


def add_account(settings: Settings, options: argparse.Namespace) -> int:
    """``account add``: exit code 1 when the login or the agent is taken, 2 without a usable password."""
    from fs_app.store import account_rules  # noqa: PLC0415 - see above
    from fs_app.store.account_rows import NewAccount  # noqa: PLC0415 - see above
    from fs_app.store.audit import system  # noqa: PLC0415 - see above

    try:
        password = account_rules.typed_password(sys.stdin.read(LONGEST_INPUT).removesuffix("\n").removesuffix("\r"))
    except ValueError as error:
        return _fail(f"--password-stdin: {error}.", 2)
    new = NewAccount(options.login, options.name, options.role, options.locale, options.agent, tuple(options.extension))

    def add(stores: AccountStores) -> str:
        account, dialled = stores.accounts.add(new, password, system("cli"), must_change=options.must_change)
        return f"Account {account.login} ({account.role}) is made. {_dial(account, dialled)}"

    return _change(settings, add, options)


def renew_dial(settings: Settings, options: argparse.Namespace) -> int:
    """``account renew-dial``: exit code 1 when there is no such account. The old dial password opens nothing any more."""
    from fs_app.store.audit import system  # noqa: PLC0415 - see above

    def renew(stores: AccountStores) -> str:
        account, dialled = stores.accounts.renew_dial(options.login, system("cli"))
        return f"Account {account.login}: {_dial(account, dialled)}"

    return _change(settings, renew, options)


def _dial(account: Account, password: str) -> str:
    return f"Dial ID {account.dial_id}, dial password {password} (told this once only)."


def grant(settings: Settings, options: argparse.Namespace) -> int:
    """``grant``: exit code 1 when there is no such account."""
    from fs_app.store.audit import system  # noqa: PLC0415 - see above

    def give(stores: AccountStores) -> str:
        account = stores.accounts.grant(options.login, options.queue, options.right, system("cli"))
        return f"Account {account.login} holds «{options.right}» on {options.queue}."

    return _change(settings, give, options)


def verify_audit(settings: Settings, options: argparse.Namespace) -> int:
    """``audit verify``: exit code 1 and the first bad row when the chain is broken."""
    with _opened(settings) as stores:
        bad = stores.audit.verify()
    if bad is not None:
        return _fail(f"The audit is broken at row {bad.id}: {bad.reason}.")
    return _say("The audit is whole.")


def _change(settings: Settings, change: Callable[[AccountStores], str], options: argparse.Namespace) -> int:
    from fs_app.store.accounts import AccountRefused  # noqa: PLC0415 - see above

    try:
        with _opened(settings) as stores:
            said = change(stores)
    except AccountRefused as refused:
        return _fail(REFUSALS[refused.error].format(login=options.login, agent=getattr(options, "agent", "")))
    return _say(said)


@contextmanager
def _opened(settings: Settings) -> Iterator[AccountStores]:
    from fs_app.wiring.stores import open_accounts  # noqa: PLC0415 - loads the database's libraries

    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    stores = open_accounts(settings)
    try:
        yield stores
    finally:
        stores.redis.close()
        stores.database.close()


def _say(sentence: str) -> int:
    print(sentence)  # noqa: T201 - said to the person at the terminal
    return 0


def _fail(sentence: str, code: int = 1) -> int:
    print(sentence, file=sys.stderr)  # noqa: T201 - said to the person at the terminal
    return code
