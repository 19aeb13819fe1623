"""The `[writer]` table of the settings: which model, and what its turns may use."""

import math
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from bot.domain.writing import Allowance
from bot.writer.config import Provider, Structured, WriterConfig

VENDOR_KEYS: dict[Provider, str] = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY"}
"""The environment variable that holds a provider's key, under the vendor's own name."""
_MILLION = 1_000_000


class WriterSection(BaseModel):
    """A language model that puts answers in its own words; absent without a provider.

    Prices are for a million tokens, in any currency; `day_cost` is in the same. `skip_above` is
    the library's confidence from which on the approved text is sent as it stands.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    provider: Provider | None = None
    model: str | None = Field(default=None, min_length=1, max_length=200)
    base_url: str | None = Field(default=None, pattern=r"^https?://")
    api_key: SecretStr | None = None
    structured: Structured | None = None
    temperature: float | None = Field(default=None, ge=0, le=2)
    tokens_in: int = Field(default=8000, ge=500, le=200_000)
    tokens_out: int = Field(default=1000, ge=50, le=20_000)
    price_in: float = Field(default=0, ge=0, le=10_000)
    price_out: float = Field(default=0, ge=0, le=10_000)
    day_tokens: int | None = Field(default=None, ge=1)
    day_cost: float | None = Field(default=None, gt=0)
    skip_above: float | None = Field(default=None, ge=0, le=1)

    def sure(self) -> float:
        """The confidence from which on the writer is not asked."""
        return math.inf if self.skip_above is None else self.skip_above

    def allowance(self) -> Allowance:
        """What a day's turns may use together."""
        micros = None if self.day_cost is None else int(Decimal(str(self.day_cost)) * _MILLION)
        return Allowance(tokens=self.day_tokens, micros=micros)

    def faults(self, vendor_key: str | None) -> list[str]:
        """What is missing or does not fit together, as sentences."""
        if self.provider is None:
            given = sorted(self.model_fields_set - {"provider"})
            names = ", ".join(f"writer.{name}" for name in given)
            return [f"writer.provider: {names} given, but no provider"] if given else []
        faults = []
        if self.model is None:
            faults.append(f"writer.model: name the model of {self.provider} that shall write")
        if self._key(vendor_key) is None:
            faults.append(
                f"writer.provider: {self.provider} needs a key: set {VENDOR_KEYS[self.provider]} "
                "in the environment (a server of your own, named in writer.base_url, needs none)"
            )
        if self.day_cost is not None and not (self.price_in or self.price_out):
            faults.append("writer.day_cost: without writer.price_in and price_out all costs 0")
        return faults

    def config(self, vendor_key: str | None, seconds: float) -> WriterConfig | None:
        """What the writer is opened with; None without a provider, or with faults."""
        key = self._key(vendor_key)
        if self.provider is None or self.model is None or key is None:
            return None
        return WriterConfig(
            provider=self.provider,
            model=self.model,
            key=key,
            base_url=self.base_url,
            structured=self.structured,
            temperature=self.temperature,
            seconds=seconds,
            tokens_in=self.tokens_in,
            tokens_out=self.tokens_out,
            price_in=Decimal(str(self.price_in)),
            price_out=Decimal(str(self.price_out)),
        )

    def _key(self, vendor_key: str | None) -> str | None:
        if self.api_key is not None:
            return self.api_key.get_secret_value()
        return vendor_key or ("none" if self.base_url else None)
