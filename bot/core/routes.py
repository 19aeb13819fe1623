"""The table of routes: read it from the top to know who takes a turn."""

import math

from bot.core import filters as f
from bot.core.asking import Asking
from bot.core.handlers.answering import Answering, composed
from bot.core.handlers.people import (
    AskedForPerson,
    Cancel,
    CustomerEnds,
    LineMode,
    Waiting,
    media,
    quiet,
    to_human,
)
from bot.core.lines import Lines
from bot.core.router import Route, Router
from bot.domain.ports import Library, Reader


def build_router(
    library: Library, reader: Reader, lines: Lines, *, composes: bool, sure: float = math.inf
) -> Router:
    """The routes of the product; `composes` when a writer is there, asked below `sure`."""
    asking = Asking(library, reader)
    answering = Answering(library, asking, lines, composes=composes, sure=sure)
    verbatim = Answering(library, asking, lines, composes=False)  # for answers beside a person's
    by_mode = LineMode(lines, verbatim)
    backs_out = f.either(f.presses(f.CANCEL), f.presses(f.END))
    return Router(
        (
            Route(f.kind("composed"), composed),
            Route(f.kind("edited", "deleted", "joined", "receipt"), quiet),
            Route(f.both(f.held_by("human"), f.presses(f.END)), CustomerEnds(lines)),
            Route(f.held_by("human"), to_human),
            Route(f.both(f.held_by("waiting"), backs_out), Cancel(lines)),
            Route(f.held_by("waiting"), Waiting(lines, verbatim)),
            Route(f.either(f.held_by("closed"), backs_out), quiet),
            Route(f.asks_for_person, AskedForPerson(lines)),
            Route(by_mode.accepts, by_mode),
            Route(f.wordless, media),
            Route(f.always, answering),
        )
    )
