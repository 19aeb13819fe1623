"""A real writer over the real clients, for a service on this machine."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from typing_extensions import override

from bot.domain.ports import Writer
from bot.writer.config import Provider, Structured, WriterConfig
from bot.writer.opening import open_writer
from tests.conformance.writer_suite import WRITTEN
from tests.doubles.model_server import ModelServer, model_server

KEY = "sk-canary-of-a-key"
_NAMES = {"returns": "a1", "paying": "a2"}


@dataclass(frozen=True)
class Way:
    """A wire format, and how it is asked for an answer of a given shape."""

    provider: Provider
    structured: Structured

    @override
    def __str__(self) -> str:
        return f"{self.provider}-{self.structured}"


WAYS = [
    Way(provider, structured)
    for provider in ("openai", "anthropic")
    for structured in ("json_schema", "function_calling")
]


def config_at(base: str, way: Way, **changes: Any) -> WriterConfig:
    """The configuration of a writer at a service; `base` is its origin."""
    config = WriterConfig(
        provider=way.provider,
        model="test-model",
        key=KEY,
        base_url=f"{base}/v1" if way.provider == "openai" else base,
        structured=way.structured,
        seconds=5,
    )
    return replace(config, **changes)


def writer_at(base: str, way: Way, **changes: Any) -> Writer:
    """A writer at a service."""
    writer = open_writer(config_at(base, way, **changes))
    assert writer is not None
    return writer


@asynccontextmanager
async def suited_server() -> AsyncIterator[ModelServer]:
    """A service that answers with what the writers' suite wants written."""
    async with model_server() as serving:
        serving.answer = {
            "sentences": [
                {"text": one.text, "sources": [_NAMES[name] for name in one.cites]}
                for one in WRITTEN
            ]
        }
        yield serving
