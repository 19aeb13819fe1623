"""How sites are read, told without the libraries that read them."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from knowledge.site.guard import GuardedBackend

MOST_PAGES = 1000

Sleep: TypeAlias = Callable[[float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """Whether a private network may be read, and how many pages of a site at most."""

    allow_private: bool = False
    most_pages: int = MOST_PAGES
    backend: "GuardedBackend | None" = None
    sleep: Sleep = time.sleep


def is_address(place: str) -> bool:
    """Whether it is a site and not a path."""
    return place.startswith(("https://", "http://"))
