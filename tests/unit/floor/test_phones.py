"""Whose phone is whose: what contacts say, whichever way they came to be known."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fs_app.floor.phones import PhoneBook, Terminal, extensions_of, rings_by_us, terminal_of


def book(**contacts: str) -> PhoneBook:
    found = PhoneBook()
    found.rebuild((f"{name.removeprefix('a')}@default", contact) for name, contact in contacts.items())
    return found


def test_owner_when_a_contact_rings_the_extension_then_that_agent() -> None:
    assert book(a1001="user/2001@default").owner("2001@default") == "1001@default"


def test_owner_when_no_contact_rings_it_then_the_agent_of_its_name() -> None:
    assert book(a1001="user/2001@default").owner("1001@default") == "1001@default"
    assert book(a1001="", a1002="user/1001@default").owner("1001@default") == "1002@default"


def test_owner_when_the_contact_names_an_address_then_in_any_domain() -> None:
    assert book(a1001="sofia/internal/2001@192.0.2.9:5060").owner("2001@example.net") == "1001@default"


def test_owner_when_unknown_then_nobody() -> None:
    assert book(a1001="user/2001@default").owner("3001@default") == ""
    assert book(a1001="user/2001@default").owner("") == ""


def test_owner_when_the_contact_has_moved_then_no_longer() -> None:
    phones = book(a1001="user/2001@default", a1002="user/2001@default")
    assert phones.owner("2001@default") == "1002@default"
    phones.read("1002@default", "user/2002@default")
    assert (phones.owner("2001@default"), phones.owner("2002@default")) == ("1001@default", "1002@default")
    phones.read("1001@default", "")
    assert phones.owner("2001@default") == ""


NUMBERS = st.integers(1001, 1004).map(str)
CONTACTS = st.lists(NUMBERS, max_size=2).map(lambda numbers: ",".join(f"user/{n}@default" for n in numbers))


@given(st.lists(st.tuples(NUMBERS.map(lambda n: f"{n}@default"), CONTACTS), max_size=12))
def test_owner_when_contacts_came_one_by_one_then_as_if_read_together(words: list[tuple[str, str]]) -> None:
    by_words, together = PhoneBook(), PhoneBook()
    for agent, contact in words:
        by_words.read(agent, contact)
    together.rebuild(reversed(dict(words).items()))
    for number in range(1001, 1005):
        assert by_words.owner(f"{number}@default") == together.owner(f"{number}@default")


def test_terminal_when_the_contact_rings_a_gateway_then_external() -> None:
    external = Terminal("external", outside="09012345678")
    assert terminal_of("[leg_timeout=10]sofia/gateway/carrier/09012345678") == external
    assert terminal_of("[leg_timeout=10]user/1001@default") == Terminal("extension", "1001")
    assert terminal_of("error/USER_BUSY") == Terminal("other")
    assert external.text == "09012345678"


def test_terminal_when_both_ring_then_both_with_the_delay_and_the_key() -> None:
    contact = "[leg_timeout=9]user/1001@default,[leg_delay_start=8,group_confirm_key=1]sofia/gateway/carrier/0901111"
    found = terminal_of(contact)
    assert found == Terminal("both", "1001", "0901111", 8, confirmed=True)
    assert found.text == "1001 + 0901111"


def test_terminal_when_our_outside_leg_looks_like_an_extension_then_it_is_none() -> None:
    ours = "[^^~sasayaki_outside=0312345678~leg_timeout=25]sofia/trunk/0312345678@192.0.2.1"
    assert terminal_of(ours) == Terminal("external", outside="0312345678")
    assert extensions_of(f"[leg_timeout=20]user/1001@default,{ours}") == ["1001@default"]
    assert rings_by_us(ours)
    assert not rings_by_us("sofia/gateway/carrier/0312345678")


def test_who_else_is_rung_at_an_agents_extension_is_told_by_its_domain_where_both_name_one() -> None:
    contacts = {
        "a": "user/1001@one", "b": "user/1001@two", "c": "sofia/internal/1001@192.0.2.9",
        "d": "user/1002@one,user/1001@one",
    }  # fmt: skip
    phones = PhoneBook()
    phones.rebuild(contacts.items())
    beside = {agent: set(phones.beside(agent)) for agent in "abcd"}
    assert beside == {"a": {"c", "d"}, "b": {"c"}, "c": {"a", "b", "d"}, "d": {"a", "c"}}
    phones.read("d", "user/1002@one")
    assert set(phones.beside("a")) == {"c"}
