"""Proof that a request is Slack's. https://docs.slack.dev/authentication/verifying-requests-from-slack."""

from slack_sdk.signature import Clock as SlackClock
from slack_sdk.signature import SignatureVerifier
from typing_extensions import override

from bot.domain.errors import NotAuthentic
from bot.domain.ports import Clock, Request


class _Time(SlackClock):
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    @override
    def now(self) -> float:
        return self._clock.now().timestamp()


def prove(request: Request, secret: str, clock: Clock) -> None:
    """Raises `NotAuthentic`: signed by somebody else, or more than five minutes ago."""
    try:
        verifier = SignatureVerifier(secret, _Time(clock))
        proven = verifier.is_valid_request(request.body, dict(request.headers))
    except (ValueError, TypeError, OverflowError):  # no secret, no number, no ASCII, no text
        proven = False
    if not proven:
        raise NotAuthentic("Slack's signature is not valid")
