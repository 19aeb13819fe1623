"""Opening the model: the one place where langchain and a provider's package are imported."""

from typing import Any

import langsmith
from langchain.chat_models import init_chat_model
from langchain_core.language_models import BaseChatModel
from langchain_core.runnables import Runnable, RunnableSequence

from bot.writer.config import OWN_WAY, WriterConfig
from bot.writer.shape import SCHEMA

RETRIES = 0
"""How often a client asks again by itself: it would wait as long as the provider wishes, and the
approved text is there at once."""


def open_model(config: WriterConfig) -> Runnable[Any, Any]:
    """A model that is asked with a list of messages and answers in the shape of `SCHEMA`.

    Slow at its first call, which imports. Nothing of a turn goes to a tracing service, whatever
    the environment says.
    """
    langsmith.configure(enabled=False)
    model = init_chat_model(config.model, model_provider=config.provider, **_arguments(config))
    assert isinstance(model, BaseChatModel)  # noqa: S101  it has a name, so it is not a promise
    strict = {"strict": True} if config.provider == "openai" else {}
    method = config.structured or OWN_WAY[config.provider]
    shaped = model.with_structured_output(SCHEMA, method=method, **strict)
    # The model without the parser behind it: we must know whether the answer came to its end.
    return shaped.first if isinstance(shaped, RunnableSequence) else shaped


def _arguments(config: WriterConfig) -> dict[str, Any]:
    given: dict[str, Any] = {
        "api_key": config.key,
        "timeout": config.seconds,
        "max_retries": RETRIES,
        "max_tokens": config.tokens_out,
        "stream_usage": True,
        # One connection for each turn: none has gone stale meanwhile, where nothing is asked twice.
        "default_headers": {"connection": "close"},
    }
    if config.base_url is not None:
        given["base_url"] = config.base_url
    if config.temperature is not None:
        given["temperature"] = config.temperature
    if config.provider == "openai":
        given["use_responses_api"] = False  # what compatible servers speak is chat completions
    return given
