"""Metrics count by names of settings and code, and never by words."""

from itertools import count

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.domain.conversation import Conversation, Outcome, Turn
from bot.domain.message import Address, Inbound, Sender, Text
from bot.domain.reading import Reading
from bot.telemetry.metrics import Metrics
from tests.fakes.clock import START

WORDS = "my card number is 4111"
ROOM = Address(channel="web", account="shop", room="visitor-17")
TURN = Turn(
    event=Inbound(
        key="web:e1",
        trace="trace-17",
        address=ROOM,
        sender=Sender(handle="visitor-17", name="Max"),
        parts=(Text(text=WORDS),),
        sent_at=START,
    ),
    conversation=Conversation(id="c1", line="shop", address=ROOM, opened_at=START),
    reading=Reading(),
    now=START,
)


def samples(metrics: Metrics) -> dict[str, list[tuple[dict[str, str], float]]]:
    found: dict[str, list[tuple[dict[str, str], float]]] = {}
    for family in text_string_to_metric_families(metrics.render().decode()):
        for sample in family.samples:
            found.setdefault(sample.name, []).append((sample.labels, sample.value))
    return found


async def answer(turn: Turn) -> Outcome:
    return Outcome(conversation=turn.conversation, decision="answer")


async def test_a_turn_is_counted_and_timed():
    ticks = count()
    metrics = Metrics(timer=lambda: float(next(ticks)))
    assert (await metrics.observe(answer, TURN)).decision == "answer"
    found = samples(metrics)
    labels = {"line": "shop", "channel": "web", "decision": "answer"}
    assert found["careline_messages_total"] == [(labels, 1)]
    assert found["careline_turn_seconds_sum"] == [({"line": "shop"}, 1)]


async def test_a_failure_is_counted_by_its_class():
    metrics = Metrics()

    async def fail(_turn: Turn) -> Outcome:
        raise KeyError(WORDS)

    with pytest.raises(KeyError):
        await metrics.observe(fail, TURN)
    found = samples(metrics)
    assert found["careline_failures_total"] == [({"error": "KeyError"}, 1)]
    assert "careline_messages_total" not in found


async def test_nobodys_words_or_names_are_labels():
    metrics = Metrics()
    await metrics.observe(answer, TURN)
    text = metrics.render().decode()
    for private in (WORDS, "visitor-17", "Max", "trace-17", "c1"):
        assert private not in text


async def test_processes_do_not_share_a_registry():
    first, second = Metrics(), Metrics()
    await first.observe(answer, TURN)
    assert "careline_messages_total" not in samples(second)
