"""Which events are somebody's words to us, and where they belong."""

from typing import Any

import pytest

from channels.slack.inbound import Workspace, press_in, said_in
from tests.contract.slack import events

ME = Workspace(team=events.TEAM, user=events.BOT_USER, bot=events.BOT_ID)


def test_a_direct_message_is_one_talk_and_its_threads_are_others():
    said = said_in(events.message("hi", ts="1.1"), ME)
    assert said is not None
    assert (said.addressed, said.address.thread, said.key) == (True, None, "slack:T0CARE:D0ANN:1.1")
    inside = said_in(events.message("hi", ts="2.1", thread="1.1"), ME)
    assert inside is not None
    assert inside.address.thread == "1.1"


def test_a_mention_begins_a_thread_and_is_one_event_however_often_told():
    told = events.message("<@U0BOT> hi", channel="C0HELP", ts="1.1")
    first, second = said_in(told, ME), said_in({**told, "type": "app_mention"}, ME)
    assert first is not None
    assert second is not None
    assert (first.key, first.addressed, first.address) == (second.key, True, second.address)
    assert first.address.thread == "1.1"


def test_chatter_is_not_addressed():
    said = said_in(events.message("lunch?", channel="C0HELP", ts="1.1"), ME)
    assert said is not None
    assert (said.addressed, said.follows) == (False, False)


@pytest.mark.parametrize(
    "event",
    [
        events.message("ours", user=events.BOT_USER),
        events.message("a bot's", bot_id="B0OTHER"),
        events.message("a bot's", subtype="bot_message", bot_id="B0OTHER"),
        events.message("Slackbot's", user="USLACKBOT"),
        events.message("joined", channel="C0HELP", subtype="channel_join"),
        events.message("topic", channel="C0HELP", subtype="channel_topic"),
        {**events.message("x"), "user": None},
    ],
)
def test_what_nobody_wrote_is_not_heard(event: dict[str, Any]):
    assert said_in(event, ME) is None


def test_an_unfurled_link_is_no_edit():
    before = events.message("see https://x.example")
    event = events.changed(before, "see https://x.example", "2.2")
    del event["message"]["edited"]
    assert said_in(event, ME) is None


def test_a_tombstone_is_a_deletion():
    before = events.message("gone", channel="C0HELP", ts="1.1", thread="1.1")
    event = events.changed(before, "This message was deleted.", "2.2")
    event["message"] |= {"subtype": "tombstone", "user": "USLACKBOT"}
    said = said_in(event, ME)
    assert said is not None
    assert (said.kind, said.user, said.changes) == ("deleted", "U0ANN", "slack:T0CARE:C0HELP:1.1")


def test_a_press_belongs_to_the_thread_its_message_began():
    button = {"type": "button", "action_id": "choice:0", "value": "claim:h1"}
    press = press_in(events.press(button, {"channel": "C0CALL", "ts": "1.1"}, user="U0ADA"), ME)
    assert press is not None
    assert (press.value, press.address.thread, press.user) == ("claim:h1", "1.1", "U0ADA")


def test_a_press_of_a_private_hint_belongs_to_the_thread_it_was_shown_in():
    button = {"type": "button", "action_id": "choice:0", "value": "take_over:h1"}
    shown = {"channel": "C0CALL", "ts": "3.3", "thread_ts": "1.1"}
    body = events.press(button, shown, user="U0ADA")
    del body["message"]
    press = press_in(body, ME)
    assert press is not None
    assert press.address.thread == "1.1"


def test_a_link_that_is_pressed_is_none_of_ours():
    button = {"type": "button", "action_id": "choice:0", "url": "https://x.example"}
    shown = {"channel": "C0CALL", "ts": "1.1"}
    assert press_in(events.press(button, shown, user="U0ADA"), ME) is None
