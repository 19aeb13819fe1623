"""A real writer over the real clients, for a service on this machine."""

from dataclasses import dataclass, replace
from typing import Any

from typing_extensions import override

from bot.domain.ports import Writer
from bot.writer.config import Provider, Structured, WriterConfig
from bot.writer.opening import open_writer

KEY = "sk-canary-of-a-key"


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
