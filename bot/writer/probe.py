"""One small question to the model, to say in words what is wrong with it."""

import asyncio

from bot.domain.errors import ConnectorError
from bot.domain.knowledge import Passage
from bot.domain.ports import Writer
from bot.domain.writing import Brief
from bot.writer.config import OWN_WAY, Structured, WriterConfig

_BRIEF = Brief(
    question="When are you open?",
    passages=(
        Passage(article="hours", question="Opening hours", text="We are open from 9.", score=1.0),
    ),
    history=(),
    language="en",
    persona="assistant",
)
_OTHER: dict[Structured, Structured] = {
    "json_schema": "function_calling",
    "function_calling": "json_schema",
}
_FAILING = 500


async def trouble(writer: Writer, config: WriterConfig) -> str | None:
    """What keeps the model from writing, as a sentence; None when it wrote."""
    try:
        async with asyncio.timeout(config.seconds):
            said = [one async for one in writer.write(_BRIEF, lambda _: None)]
    except TimeoutError:
        return f"writer: the model did not answer within {config.seconds:g} s"
    except ConnectorError as exc:
        return _sentence(exc.__cause__, config)
    return None if said else "writer.model: it answered, but with no sentence; try another model"


def _sentence(cause: BaseException | None, config: WriterConfig) -> str:
    where = config.base_url or f"{config.provider}'s own address"
    if cause is None:
        other = _OTHER[config.structured or OWN_WAY[config.provider]]
        return (
            "writer.model: it answered, but not in the shape it was asked for; "
            f'try writer.structured = "{other}", or another model'
        )
    status = getattr(cause, "status_code", None)
    if not isinstance(status, int):
        return f"writer.base_url: {where} cannot be reached ({type(cause).__name__})"
    told = {
        401: "writer.api_key: the key is not accepted",
        403: "writer.api_key: the key may not use this model",
        404: f"writer.model: {where} does not know {config.model}, or base_url is wrong",
        429: "writer: the provider takes no more just now; is there credit left?",
    }
    if status >= _FAILING:
        return f"writer: the provider fails just now (HTTP {status})"
    return told.get(status, f"writer: the provider refuses these settings (HTTP {status})")
