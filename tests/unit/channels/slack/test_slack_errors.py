"""What Slack refuses is tried again, or refused with what to do about it."""

from datetime import timedelta

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.domain.errors import Refused, TryLater
from channels.slack.errors import AGAIN, mapped_errors


def answered(code: str | None, status: int = 200, **headers: str) -> SlackApiError:
    data = {"ok": False} | ({"error": code} if code else {})
    response = AsyncSlackResponse(
        client=None,
        http_verb="POST",
        api_url="https://slack.com/api/x",
        req_args={},
        data=data,
        headers=headers,
        status_code=status,
    )
    return SlackApiError("no", response)


@pytest.mark.parametrize(
    ("error", "after"),
    [
        (answered("ratelimited", 429, **{"Retry-After": "7"}), timedelta(seconds=7)),
        (answered("ratelimited", 429, **{"Retry-After": "99999"}), timedelta(seconds=300)),
        (answered("ratelimited", 429, **{"Retry-After": "soon"}), AGAIN),
        (answered("ratelimited", 429, **{"Retry-After": "0"}), AGAIN),
        (answered("ratelimited"), AGAIN),
        (answered("internal_error"), AGAIN),
        (answered("fatal_error"), AGAIN),
        (answered("whatever", 503), AGAIN),
        (answered(None), AGAIN),
        (SlackRequestError("no JSON"), AGAIN),
        (aiohttp.ClientConnectionError(), AGAIN),
        (TimeoutError(), AGAIN),
        (OSError(), AGAIN),
    ],
)
def test_what_passes_is_tried_again(error: Exception, after: timedelta):
    with pytest.raises(TryLater) as caught, mapped_errors():
        raise error
    assert caught.value.after == after


@pytest.mark.parametrize(
    ("code", "remedy"),
    [
        ("not_in_channel", "/invite"),
        ("channel_not_found", "invite"),
        ("is_archived", "unarchive"),
        ("missing_scope", "manifests/slack.yaml"),
        ("invalid_auth", "SLACK_BOT_TOKEN"),
        ("token_revoked", "SLACK_BOT_TOKEN"),
        ("account_inactive", "install"),
    ],
)
def test_what_does_not_pass_says_what_to_do(code: str, remedy: str):
    with pytest.raises(Refused) as caught, mapped_errors():
        raise answered(code)
    assert code in caught.value.reason
    assert remedy in (caught.value.remedy or "")


def test_what_nobody_knows_is_refused_by_its_name():
    with pytest.raises(Refused) as caught, mapped_errors():
        raise answered("no_such_thing")
    assert "no_such_thing" in caught.value.reason
    assert caught.value.remedy is None
