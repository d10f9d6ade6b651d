"""What is said when a code is dialled, from the first question to the last word; the answers are the test's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from fs_app.floor.dialogue import Answers, Called, End, Keys, Login, Owner, Person, Shown, Vouched, Wish, dialogue

ANN = Person("ann", "1001@default", ("available", "wrap_up", "on_break", "away", "logged_out"))
BOSS = Person("boss")


class Call:
    """A caller: which keys he presses, who he is, and what the controller says to wishes. ``heard`` is all that was said."""

    def __init__(
        self, *keys: str, owner: Person | None = None, logins: dict[tuple[str, str], Any] | None = None
    ) -> None:
        self.keys = list(keys)
        self.owner = owner
        self.logins = logins if logins is not None else {("1234", "987654"): ANN}
        self.refusal: Callable[[Wish], str] = lambda wish: ""
        self.heard: list[tuple[str, ...]] = []
        self.done: list[Wish] = []
        self.extensions = {"1002": "1002@default"}

    def make(self, called: Called) -> End:
        """Until the last word."""
        talk = dialogue(called)
        answer: Any = None
        while True:
            try:
                need = talk.send(answer)
            except StopIteration as over:
                self.heard.append(over.value.say)
                return over.value
            answer = self._answer(need)

    def _answer(self, need: Any) -> Any:
        if isinstance(need, Keys):
            self.heard.append(need.say)
            return self.keys.pop(0) if self.keys and need.most else ""
        if isinstance(need, Owner):
            return self.owner
        if isinstance(need, Vouched):
            return None
        if isinstance(need, Login):
            return self.logins.get((need.dial_id, need.password), "wrong")
        if isinstance(need, Shown):
            return "away"
        if isinstance(need, Answers):
            return self.extensions.get(need.extension, "")
        refusal = self.refusal(need)
        if not refusal and not need.only_ask:
            self.done.append(need)
        return refusal


def status(code: str) -> Wish:
    return Wish("status.set", {"agent": "1001@default", "status": code})


def test_e1_sign_in_with_dial_id_and_password_makes_available() -> None:
    call = Call("1234", "987654")
    assert call.make(Called("sign_in")) == End(("signed_in",), ok=True)
    assert (call.heard, call.done) == ([("dial_id",), ("dial_password",), ("signed_in",)], [status("available")])


def test_e1_wrong_data_are_announced_three_times_and_change_nothing() -> None:
    call = Call("1234", "1", "9999", "987654", "1234", "0")
    assert call.make(Called("sign_in")) == End(("wrong",))
    assert call.heard[2:5] == [("wrong", "dial_id"), ("dial_password",), ("wrong", "dial_id")]
    assert call.done == []


def test_too_many_wrong_entries_end_the_call_at_once() -> None:
    call = Call("1234", "1", "1234", "987654", logins={("1234", "1"): "wrong_wait"})
    assert call.make(Called("sign_in")) == End(("wrong_wait",))
    assert len(call.heard) == 3


def test_who_presses_nothing_is_asked_again_and_then_left() -> None:
    call = Call()
    assert call.make(Called("sign_in")) == End(("goodbye",))
    assert call.heard[:3] == [("dial_id",)] * 3


def test_a_phone_of_ones_own_where_the_site_lets_it_stand_is_asked_nothing() -> None:
    call = Call(owner=ANN)
    assert call.make(Called("sign_out")) == End(("signed_out",), ok=True)
    assert call.done == [status("logged_out")]


def test_from_outside_a_phone_of_ones_own_proves_nothing() -> None:
    call = Call("1234", "987654", owner=ANN)
    call.make(Called("sign_in", inside=False))
    assert call.heard[:2] == [("dial_id",), ("dial_password",)]


@pytest.mark.parametrize("function", ["set_status", "status_readback", "listen", "raise_hand", "sign_in_extension"])
def test_e7_f8_nothing_finer_than_signing_in_and_out_is_offered_outside(function: str) -> None:
    call = Call("1234", "987654")
    assert call.make(Called(function, "wrap_up", inside=False)) == End(("number_unknown",))
    assert call.heard == [("number_unknown",)]


@pytest.mark.parametrize("function", ["sign_in", "status_menu", "status_readback", "raise_hand", "sign_in_extension"])
def test_e4_an_account_without_an_agent_is_refused(function: str) -> None:
    call = Call("1234", "987654", "1", owner=BOSS)
    assert call.make(Called(function)) == End(("no_agent",))


def test_e2_sign_in_naming_the_extension() -> None:
    call = Call("1234", "987654", "1003")
    assert call.make(Called("sign_in_extension")) == End(("signed_in",), ok=True)
    assert call.done == [Wish("dial.sign_in_at", {"agent": "1001@default", "extension": "1003"})]


def test_e2_an_extension_that_is_taken_is_announced() -> None:
    call = Call("1003", owner=ANN)
    call.refusal = lambda wish: "extension_taken"
    assert call.make(Called("sign_in_extension")) == End(("extension_taken",))


def test_a_direct_code_says_which_status_it_set() -> None:
    call = Call(owner=ANN)
    assert call.make(Called("set_status", "away")).say == ("status_now", "status_away")
    assert call.done == [status("away")]


def test_e9_a_refusal_of_the_rules_is_spoken() -> None:
    call = Call(owner=ANN)
    call.refusal = lambda wish: "agent_in_call"
    assert call.make(Called("set_status", "away")) == End(("agent_in_call",))


def test_the_menu_reads_every_status_with_its_key() -> None:
    call = Call("4", owner=ANN)
    assert call.make(Called("status_menu")).say == ("status_now", "status_away")
    assert call.heard[0][:5] == ("status_menu", "status_available", "key_1", "status_wrap_up", "key_2")
    assert call.heard[0][-2:] == ("status_logged_out", "key_5")


def test_a_key_that_chooses_nothing_is_told_so_and_the_menu_read_again() -> None:
    call = Call("7", "1", owner=ANN)
    assert call.make(Called("status_menu")).ok
    assert call.heard[1][0] == "key_unknown"
    assert call.heard[1][1] == "status_available"


def test_more_statuses_than_keys_are_read_in_pages() -> None:
    many = tuple(f"own_{number}" for number in range(12))
    call = Call("0", "3", owner=Person("ann", "1001@default", many))
    assert call.make(Called("status_menu")).say == ("status_now", "own_status_own_11")
    assert call.heard[0][-2:] == ("menu_more", "key_0")


def test_a_status_of_ones_own_is_never_called_like_another_prompt() -> None:
    call = Call("1", owner=Person("ann", "1001@default", ("menu", "is")))
    assert call.make(Called("status_menu")).say == ("status_now", "own_status_menu")
    assert call.heard[0] == ("status_menu", "own_status_menu", "key_1", "own_status_is", "key_2")


def test_ones_own_status_is_read_back() -> None:
    assert Call(owner=ANN).make(Called("status_readback")).say == ("status_is", "status_away")


def test_hands_are_raised_and_lowered() -> None:
    call = Call(owner=ANN)
    assert call.make(Called("raise_hand")).say == ("hand_raised",)
    assert call.make(Called("lower_hand")).say == ("hand_lowered",)
    assert [wish.kind for wish in call.done] == ["hand.raise", "hand.lower"]


def test_d20_listening_by_telephone_asks_whom_and_how_and_says_what_it_will_be() -> None:
    call = Call("1002", "2", owner=BOSS)
    assert call.make(Called("listen")) == End(ok=True, listens=True)
    assert call.heard == [("monitor_target",), ("monitor_mode",), ("whisper_starts",), ()]
    assert call.done == [Wish("dial.listen", {"agent": "1002@default", "mode": "whisper"})]


def test_d20_no_right_is_announced_before_any_mode_is_asked_for() -> None:
    call = Call("1002", "2", owner=BOSS)
    call.refusal = lambda wish: "permission_denied"
    assert call.make(Called("listen")) == End(("permission_denied",))
    assert call.heard == [("monitor_target",), ("permission_denied",)]


def test_listening_to_an_extension_of_nobody() -> None:
    assert Call("1099", owner=BOSS).make(Called("listen")) == End(("unknown_agent",))


def test_an_unknown_function_says_that_there_is_no_such_code() -> None:
    assert Call().make(Called("")) == End(("code_unknown",))


def test_a_password_is_in_no_text_of_what_a_dialogue_needs() -> None:
    assert "987654" not in repr(Login("1234", "987654")) + str(Login("1234", "987654"))
