"""What Twilio refuses, in the words of the domain. https://www.twilio.com/docs/api/errors."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import aiohttp
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException

from bot.domain.errors import ChannelError, OptedOut, Refused, TryLater

AGAIN = timedelta(seconds=5)
_TOO_MANY, _SERVER = 429, 500
_PASSING = {20429, 30001, 30022, 63017, 63018, 63051}
"""Queues that are full and rates that were passed: the same message may go later."""
_OPTED_OUT = 21610
_OTHER_WAY = "Reach them another way."
_SETUP = "Run careline twilio setup, and see the template in the Twilio Console."
_TEMPLATE = (
    "On WhatsApp only an approved template may be sent now; they can be written to again once they "
    "write."
)
_KNOWN: dict[int, tuple[str, str]] = {
    20003: ("Twilio does not take our credentials", "Set TWILIO_AUTH_TOKEN anew."),
    21211: ("the number is not a valid one", _OTHER_WAY),
    21408: ("sending to this country is not allowed", "Allow it: Console, Geo permissions."),
    21606: ("our number cannot send this", "Check the number in the Twilio Console."),
    21610: ("they have opted out by STOP", "Only they can take that back, by writing START."),
    21612: ("this number cannot be reached from ours", _OTHER_WAY),
    21614: ("the number cannot receive text messages", _OTHER_WAY),
    21617: ("the message is too long", "Write it in two."),
    30002: ("the Twilio account is suspended", "See the Twilio Console."),
    30003: ("their phone is off or out of reach", "Try again later, or reach them another way."),
    30004: ("their phone, or its network, blocks us", _OTHER_WAY),
    30005: ("the number does not exist any more", _OTHER_WAY),
    30006: ("the number is a landline, or cannot be reached", _OTHER_WAY),
    30007: ("the network has taken it for spam", "Write it anew, shorter and without links."),
    30008: ("the network did not say why", "Try again later, or reach them another way."),
    30034: ("our number is not registered for US traffic", "Register it: Console, A2P 10DLC."),
    63003: ("the number is not on WhatsApp", _OTHER_WAY),
    63013: ("WhatsApp's rules do not allow it", "Write it anew."),
    63014: ("they have blocked us on WhatsApp", _OTHER_WAY),
    63016: ("their last words on WhatsApp are over 24 hours old", _TEMPLATE),
    63027: ("WhatsApp knows no such template in this language", _SETUP),
    63028: ("the template takes other words than it was given", _SETUP),
    63040: ("WhatsApp has rejected the template", _SETUP),
    63041: ("WhatsApp has paused the template", _SETUP),
    63042: ("WhatsApp has switched the template off", _SETUP),
    63024: ("WhatsApp does not take messages to this number", _OTHER_WAY),
    63032: ("WhatsApp does not deliver to them just now", _OTHER_WAY),
}


@contextmanager
def mapped_errors() -> Iterator[None]:
    """Raises `TryLater` and `Refused` for what the library raises."""
    try:
        yield
    except (TwilioRestException, TwilioServiceException) as exc:
        raise judged(exc.status, exc.code) from exc
    except TwilioException as exc:
        raise Refused("Twilio cannot be asked this") from exc
    except (aiohttp.ClientError, TimeoutError, OSError) as exc:
        raise TryLater(AGAIN) from exc


def judged(status: int, code: int | None) -> ChannelError:
    """What an answer means for the message."""
    if status == _TOO_MANY or status >= _SERVER or code in _PASSING:
        return TryLater(AGAIN)
    reason, remedy = explained(code)
    if code == _OPTED_OUT:
        return OptedOut(reason, remedy=remedy)
    return Refused(reason, remedy=remedy)


def explained(code: int | None) -> tuple[str, str | None]:
    """Why a message did not arrive, and what staff can do about it."""
    if code is None:
        return "Twilio did not say why", None
    known = _KNOWN.get(code)
    if known is None:
        return f"Twilio error {code}", f"https://www.twilio.com/docs/api/errors/{code} tells more."
    return f"{known[0]} ({code})", known[1]
