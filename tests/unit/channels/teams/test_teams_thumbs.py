"""A thumb is read, and found to be under the right answer."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.conversation import Entry
from bot.domain.message import Citation, Sources, Text
from channels.teams.activity import Activity
from channels.teams.thumbs import article_of, thumb_of

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def answer(article: str, minutes: int) -> Entry:
    parts = (Text(text="x"), Sources(items=(Citation(article=article, title=article),)))
    at = NOON + timedelta(minutes=minutes)
    return Entry(key=article, kind="said", author="bot", parts=parts, at=at)


SAID = (answer("a", 0), answer("b", 5))


@pytest.mark.parametrize(
    ("message", "article"),
    [
        (str(int(NOON.timestamp() * 1000) + 900), "a"),
        (str(int(NOON.timestamp() * 1000) + 300_900), "b"),
        ("1" * 13, None),
        ("no moment", "b"),
        ("", "b"),
    ],
)
def test_the_answer_is_the_last_before_the_message(message: str, article: str | None):
    assert article_of(SAID, message) == article


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ({"reaction": "like", "feedback": '{"feedbackText": " good "}'}, (True, "good")),
        ({"reaction": "dislike", "feedback": "{}"}, (False, "")),
        ({"reaction": "dislike", "feedback": "{"}, (False, "")),
        ({"reaction": "other"}, None),
        ("like", None),
    ],
)
def test_a_thumb_is_read(value: object, read: tuple[bool, str] | None):
    fields = {
        "type": "invoke",
        "name": "message/submitAction",
        "serviceUrl": "https://x.example",
        "conversation": {"id": "a:1"},
        "value": {"actionName": "feedback", "actionValue": value},
    }
    thumb = thumb_of(Activity.model_validate(fields))
    assert (thumb and (thumb.useful, thumb.words)) == read
