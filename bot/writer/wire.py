"""What a process and its writer's own say to each other: one JSON object a line."""

import json
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from bot.domain.writing import Sentence, Usage
from bot.writer.config import WriterConfig
from bot.writer.prompt import Asked

LONGEST_LINE = 1_000_000
"""Bytes from the child; what goes to it is read without a limit that a prompt could reach."""


def line(**told: Any) -> bytes:  # noqa: ANN401  JSON
    return json.dumps(told, default=str).encode() + b"\n"


def config_line(config: WriterConfig) -> bytes:
    """The first line to the child, key and all: a command line could be read by others."""
    return line(**asdict(config))


def config_of(said: bytes) -> WriterConfig:
    told = json.loads(said)
    prices = {name: Decimal(told[name]) for name in ("price_in", "price_out")}
    return WriterConfig(**told | prices)


def asked_line(turn: int, asked: Asked) -> bytes:
    return line(turn=turn, rules=asked.rules, data=asked.data, names=dict(asked.names))


def asked_of(told: dict[str, Any]) -> Asked:
    return Asked(rules=told["rules"], data=told["data"], names=told["names"])


def sentence_line(turn: int, sentence: Sentence) -> bytes:
    return line(turn=turn, text=sentence.text, cites=sentence.cites)


def sentence_of(told: dict[str, Any]) -> Sentence:
    return Sentence(text=told["text"], cites=tuple(told["cites"]))


def ended_line(turn: int, usage: Usage, failed: str) -> bytes:
    """The last line of a turn; `failed` is the class of the error, "" where there was none."""
    return line(turn=turn, failed=failed, usage=asdict(usage))
