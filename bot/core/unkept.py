"""Written turns whose end could not be stored: kept in mind for the next try."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.writing import Written
from bot.domain.knowledge import Passage

MOST = 1000
LONGEST = timedelta(minutes=10)
"""A database may be away for so long; whoever asked has gone by then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What was written, from which passages, on which line and when."""

    written: Written
    passages: tuple[Passage, ...]
    line: str
    at: datetime


class Unkept:
    """By compose job. Bounded in number and in time; what goes is the oldest."""

    def __init__(self) -> None:
        self._kept: dict[str, Kept] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def add(self, job: str, kept: Kept) -> None:
        self._kept.pop(job, None)
        self._kept[job] = kept
        while len(self._kept) > MOST or kept.at - self._oldest() > LONGEST:
            del self._kept[next(iter(self._kept))]

    def get(self, job: str) -> Kept | None:
        return self._kept.get(job)

    @contextmanager
    def storing(self, job: str) -> Iterator[Kept | None]:
        """Take one out, so that nobody else stores it; it is back when storing it has failed."""
        kept = self._kept.pop(job, None)
        try:
            yield kept
        except BaseException:
            if kept is not None:
                self.add(job, kept)
            raise

    def _oldest(self) -> datetime:
        return next(iter(self._kept.values())).at
