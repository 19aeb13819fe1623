"""What a writer is told at the start: which model, where, and what it may use and costs."""

from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal
from typing import Literal, TypeAlias

from bot.domain.writing import Usage

Provider: TypeAlias = Literal["openai", "anthropic"]
Structured: TypeAlias = Literal["json_schema", "function_calling"]
PACKAGES: dict[Provider, str] = {"openai": "langchain_openai", "anthropic": "langchain_anthropic"}
"""What has to be installed for each, beside `langchain` itself."""
OWN_WAY: dict[Provider, Structured] = {"openai": "json_schema", "anthropic": "function_calling"}
"""How each vendor's own service is best asked for an answer of a given shape."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WriterConfig:
    """One model of one provider. `seconds` is the longest wait for the provider.

    `tokens_in` bounds the prompt by estimate, `tokens_out` the answer by the provider's own
    count; prices are for a million tokens, so that one token costs so many millionths.
    """

    provider: Provider
    model: str
    key: str = field(repr=False)
    base_url: str | None = None
    structured: Structured | None = None
    temperature: float | None = None
    seconds: float = 20
    tokens_in: int = 8000
    tokens_out: int = 1000
    price_in: Decimal = Decimal(0)
    price_out: Decimal = Decimal(0)

    def usage(self, tokens_in: int, tokens_out: int) -> Usage:
        """What so many tokens cost, rounded up."""
        cost = self.price_in * tokens_in + self.price_out * tokens_out
        return Usage(
            model=self.model,
            tokens_in=tokens_in,
            tokens_out=tokens_out,
            micros=int(cost.to_integral_value(ROUND_CEILING)),
        )
