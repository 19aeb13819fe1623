"""What Slack refuses, in the words of the domain.

https://docs.slack.dev/apis/web-api/rate-limits
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.domain.errors import ChannelError, Refused, TryLater

AGAIN = timedelta(seconds=5)
_LONGEST_WAIT_S = 300
_TOO_MANY, _SERVER = 429, 500
_PASSING = {
    "ratelimited",
    "rate_limited",
    "internal_error",
    "fatal_error",
    "service_unavailable",
    "request_timeout",
    "team_added_to_org",
}
_REMEDIES = {
    "not_in_channel": "Invite the app to the channel: /invite @careline.",
    "channel_not_found": "The channel is not there, or is private: invite the app to it.",
    "is_archived": "The channel is archived: unarchive it, or name another in the settings.",
    "missing_scope": "The app lacks a permission: install it again with manifests/slack.yaml.",
    "invalid_auth": "The bot token is not valid: set SLACK_BOT_TOKEN anew.",
    "token_revoked": "The bot token was revoked: install the app again, set SLACK_BOT_TOKEN.",
    "account_inactive": "The app was removed: install it again, and set SLACK_BOT_TOKEN.",
}


@contextmanager
def mapped_errors() -> Iterator[None]:
    """Raises `TryLater` and `Refused` for what the SDK raises."""
    try:
        yield
    except SlackApiError as exc:
        raise _judged(exc) from exc
    except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as exc:
        raise TryLater(AGAIN) from exc


def code_of(exc: SlackApiError) -> str:
    """The word Slack has for an error; empty where it gave none."""
    try:
        return str(exc.response["error"] or "")
    except (AttributeError, KeyError, TypeError, ValueError):  # no JSON came
        return ""


def _status(exc: SlackApiError) -> int:
    """The SDK hands over its own answer, or the bare one where that could not be read."""
    for name in ("status_code", "status"):
        if isinstance(found := getattr(exc.response, name, None), int):
            return found
    return 0


def _judged(exc: SlackApiError) -> ChannelError:
    status = _status(exc)
    code = code_of(exc)
    if status == _TOO_MANY or code in ("ratelimited", "rate_limited"):
        given = str(getattr(exc.response, "headers", {}).get("Retry-After", ""))
        seconds = min(int(given), _LONGEST_WAIT_S) if given.isdecimal() else 0
        return TryLater(timedelta(seconds=seconds) if seconds else AGAIN)
    if status >= _SERVER or code in _PASSING or not code:
        return TryLater(AGAIN)
    return Refused(f"Slack answers {code}", remedy=_REMEDIES.get(code))
