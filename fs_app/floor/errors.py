"""Every refusal has a stable id; scripts hold on to it (the panel adds title and text in the reader's language)."""

from __future__ import annotations

PERMISSION_DENIED = "permission_denied"
QUEUE_NOT_SELECTED = "queue_not_selected"
UNKNOWN_AGENT = "unknown_agent"
UNKNOWN_QUEUE = "unknown_queue"
UNKNOWN_SUPERVISION = "unknown_supervision"
AGENT_IN_CALL = "agent_in_call"
AGENT_RINGING = "agent_ringing"
AGENT_LOGGED_OUT = "agent_logged_out"
NOT_MONITORABLE = "not_monitorable"
ON_HOLD_NO_WHISPER = "on_hold_no_whisper"
OTHER_QUEUE_CALL = "other_queue_call"
NOT_A_MEMBER = "not_a_member"
OWN_CALL = "own_call"
ALREADY_SUPERVISING = "already_supervising"
TERMINAL_BUSY = "terminal_busy"
LISTENING_ITSELF = "listening_itself"
NO_MEDIA = "no_media"
NO_OUTSIDE_PHONE = "no_outside_phone"
NO_CENTRE_NUMBER = "no_centre_number"
UNKNOWN_CALL_BACK = "unknown_call_back"
STATUS_NOT_SELECTABLE = "status_not_selectable"
PRIORITY_OUT_OF_RANGE = "priority_out_of_range"
INVALID_NUMBER = "invalid_number"
EXTENSION_UNKNOWN = "extension_unknown"
EXTENSION_TAKEN = "extension_taken"
NO_ORIGINAL = "no_original_terminal"
NUMBER_NOT_ALLOWED = "number_not_allowed"
INVALID_REQUEST = "invalid_request"
TOO_MANY_ATTEMPTS = "too_many_attempts"
SWITCH_REFUSED = "switch_refused"
SWITCH_UNAVAILABLE = "switch_unavailable"
UNCONFIRMED = "unconfirmed"
SERVICE_UNAVAILABLE = "service_unavailable"

HTTP_STATUS: dict[str, int] = {
    PERMISSION_DENIED: 403,
    QUEUE_NOT_SELECTED: 403,
    UNKNOWN_AGENT: 404,
    UNKNOWN_QUEUE: 404,
    UNKNOWN_SUPERVISION: 404,
    AGENT_IN_CALL: 409,
    AGENT_RINGING: 409,
    AGENT_LOGGED_OUT: 409,
    NOT_MONITORABLE: 409,
    ON_HOLD_NO_WHISPER: 409,
    OTHER_QUEUE_CALL: 409,
    NOT_A_MEMBER: 409,
    OWN_CALL: 409,
    ALREADY_SUPERVISING: 409,
    TERMINAL_BUSY: 409,
    LISTENING_ITSELF: 409,
    NO_MEDIA: 409,
    NO_OUTSIDE_PHONE: 409,
    NO_CENTRE_NUMBER: 409,
    UNKNOWN_CALL_BACK: 404,
    STATUS_NOT_SELECTABLE: 422,
    PRIORITY_OUT_OF_RANGE: 422,
    INVALID_NUMBER: 422,
    EXTENSION_UNKNOWN: 422,
    EXTENSION_TAKEN: 409,
    NO_ORIGINAL: 409,
    NUMBER_NOT_ALLOWED: 422,
    INVALID_REQUEST: 422,
    TOO_MANY_ATTEMPTS: 429,
    SWITCH_REFUSED: 502,
    SWITCH_UNAVAILABLE: 503,
    UNCONFIRMED: 504,
    SERVICE_UNAVAILABLE: 503,
}


class Rejected(Exception):
    """A wish that is not carried out. Nothing has changed.

    ``error`` is one of the ids above; ``cause`` is FreeSWITCH's own word where there is one (``USER_BUSY``).
    """

    def __init__(self, error: str, cause: str | None = None) -> None:
        super().__init__(error)
        self.error = error
        self.cause = cause
        self.written = False
        """Whether the audit already has this outcome."""


class ImpossibleFact(Exception):
    """A known event lacks a field that FreeSWITCH always sends: nothing is guessed, the event is counted and dropped."""
