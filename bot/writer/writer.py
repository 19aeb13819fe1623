"""The writer: one streamed call to the model for each answer."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from typing import Any

from langchain_core.messages import AIMessageChunk, HumanMessage, SystemMessage
from langchain_core.messages.ai import UsageMetadata, add_usage
from langchain_core.runnables import Runnable

from bot.domain.errors import ConnectorError
from bot.domain.writing import Brief, Sentence, Usage
from bot.writer.config import WriterConfig
from bot.writer.prompt import Asked, prompt, tokens_of
from bot.writer.shape import Growing

_CUT_SHORT = frozenset(("length", "max_tokens", "content_filter", "refusal"))


class LangchainWriter:
    """A `Writer` over any chat model of langchain that answers in a given shape."""

    def __init__(self, model: Runnable[Any, Any], config: WriterConfig) -> None:
        self._model = model
        self._config = config

    async def write(self, brief: Brief, spend: Callable[[Usage], None]) -> AsyncIterator[Sentence]:
        async with aclosing(self.answer(prompt(brief, self._config.tokens_in), spend)) as answer:
            async for sentence in answer:
                yield sentence

    async def answer(
        self, asked: Asked, spend: Callable[[Usage], None]
    ) -> AsyncGenerator[Sentence]:
        """The sentences of one answer; raises and spends as `write` does."""
        heard = _Heard(asked.tokens, Growing(asked.names))
        try:
            said = [SystemMessage(asked.rules), HumanMessage(asked.data)]
            async for chunk in self._model.astream(said):
                for sentence in heard.take(chunk):
                    yield sentence
            for sentence in heard.end():
                yield sentence
        except ConnectorError:
            raise
        except Exception as exc:
            heard.failed = True
            raise ConnectorError("the model's provider failed") from exc
        finally:
            spend(self._config.usage(*heard.tokens()))


class _Heard:
    """What has come of an answer so far."""

    def __init__(self, prompt_tokens: int, growing: Growing) -> None:
        self.failed = False
        self._prompt_tokens = prompt_tokens
        self._growing = growing
        self._by_tool = False
        self._spoke = False
        self._reasons: set[object] = set()
        self._counted: UsageMetadata | None = None

    def take(self, chunk: object) -> list[Sentence]:
        """The sentences that a chunk has made complete."""
        if not isinstance(chunk, AIMessageChunk):
            return []
        self._spoke = True
        told = chunk.response_metadata
        self._reasons |= {told.get("finish_reason"), told.get("stop_reason")} - {None}
        if chunk.usage_metadata is not None:
            self._counted = add_usage(self._counted, chunk.usage_metadata)
        if chunk.tool_call_chunks and not self._by_tool:
            self._by_tool = True
            self._growing.restart()
        pieces = (piece.get("args") or "" for piece in chunk.tool_call_chunks)
        return list(self._growing.add("".join(pieces) if self._by_tool else str(chunk.text)))

    def end(self) -> list[Sentence]:
        """The rest. Raises `ConnectorError` for an answer that was cut short or has no shape."""
        if not self._spoke:
            raise ConnectorError("the model said nothing")
        if _CUT_SHORT & self._reasons:
            raise ConnectorError("the model's answer was cut short")
        return list(self._growing.end())

    def tokens(self) -> tuple[int, int]:
        """Tokens in and out: as counted by the provider, else estimated from what was said.

        A call that failed before the first word has cost nothing; one that was broken off has.
        """
        if self.failed and not self._spoke:
            return 0, 0
        counted = self._counted
        tokens_in = counted["input_tokens"] if counted else 0
        tokens_out = counted["output_tokens"] if counted and self._reasons else 0
        return tokens_in or self._prompt_tokens, tokens_out or tokens_of(self._growing.text)
