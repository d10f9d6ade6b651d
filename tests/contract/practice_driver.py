"""The contract tests' driver of the practice floor: in this process, in this hub.

Whatever connects to it from the same process must be cooperative (gevent sockets).
"""

from __future__ import annotations

import gevent

from fs_app.practice import phones
from fs_app.practice.config import contract_floor
from fs_app.practice.switch import PracticeSwitch
from tests.contract.driver import RING, Behaviour, Phone

_PASSWORD = "contract"


class PracticePhone:
    """A phone of the practice floor as the contract tests see it."""

    def __init__(self, phone: phones.Phone) -> None:
        self._phone = phone

    @property
    def number(self) -> str:
        return self._phone.number

    @property
    def state(self) -> str:
        return self._phone.state

    def behave(self, behaviour: Behaviour) -> None:
        self._phone.registered = behaviour.kind != "unregistered"
        kind = "ring" if behaviour.kind == "unregistered" else behaviour.kind
        self._phone.behaviour = phones.Behaviour(kind, behaviour.after_s, behaviour.press, behaviour.press_after_s)

    def answer(self) -> None:
        self._phone.answer()

    def reject(self, cause: str = "USER_BUSY") -> None:
        self._phone.reject(cause)

    def hang_up(self) -> None:
        self._phone.hang_up()

    def hold(self) -> None:
        self._phone.hold()

    def resume(self) -> None:
        self._phone.resume()

    def press(self, digits: str) -> None:
        self._phone.press(digits)

    def dial(self, number: str) -> None:
        self._phone.dial(number)

    def transfer(self, number: str) -> None:
        self._phone.transfer(number)


class PracticeDriver:
    """Implements ``tests.contract.driver.Driver``."""

    name = "practice"

    def __init__(self) -> None:
        self._switch = PracticeSwitch(contract_floor(_PASSWORD))

    def start(self) -> None:
        self._switch.start()

    def stop(self) -> None:
        self._switch.stop()

    def reset(self) -> None:
        self._switch.clear()
        for extension in (*self._switch.config.extensions, *self._switch.config.supervisors):
            self.phone(extension).behave(RING)
        for _ in range(200):
            if not self._switch.core.channels.by_uuid:
                return
            gevent.sleep(0.01)
        raise TimeoutError("channels are left after a reset")

    def restart(self) -> None:
        self._switch.restart()

    def cut(self) -> None:
        self._switch.cut()

    @property
    def esl_url(self) -> str:
        return self._switch.esl_url

    def phone(self, extension: str) -> Phone:
        return PracticePhone(self._switch.phone(extension))

    def caller(self, number: str, name: str = "") -> Phone:
        return PracticePhone(self._switch.caller(number, name))

    def hears(self, number: str) -> set[str]:
        return self._switch.hears(number)
