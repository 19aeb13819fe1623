"""What one set of articles changes against another."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

from bot.domain.knowledge import Article


@dataclass(frozen=True, slots=True)
class Diff:
    """Articles that are new, have changed (as they will be) or go, each by id."""

    added: tuple[Article, ...]
    changed: tuple[tuple[Article, tuple[str, ...]], ...]
    removed: tuple[Article, ...]
    unchanged: int


def compared(before: Sequence[Article], now: Sequence[Article]) -> Diff:
    """A changed article comes with the names of its fields that differ."""
    old = {one.id: one for one in before}
    new = {one.id: one for one in now}
    kept = sorted(old.keys() & new.keys())
    changed = [(new[name], _differing(old[name], new[name])) for name in kept]
    return Diff(
        added=tuple(new[name] for name in sorted(new.keys() - old.keys())),
        changed=tuple((one, what) for one, what in changed if what),
        removed=tuple(old[name] for name in sorted(old.keys() - new.keys())),
        unchanged=sum(not what for _, what in changed),
    )


def _differing(old: Article, new: Article) -> tuple[str, ...]:
    if old == new:
        return ()
    names = (field.name for field in fields(Article))
    return tuple(name for name in names if getattr(old, name) != getattr(new, name))
