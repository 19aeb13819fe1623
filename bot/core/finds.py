"""What the library has found for one question of a message."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from bot.domain.knowledge import Consultation

How: TypeAlias = Literal["said", "mended", "part", "leaning", "found"]
OFFERED = 3
"""As many articles are offered at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question of a message: the words that were consulted, how they were come by, the find."""

    text: str
    how: How
    found: Consultation
