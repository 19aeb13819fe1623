"""The table of routes: read it from the top to know who takes a turn."""

import math

from bot.core import csat
from bot.core import filters as f
from bot.core.asking import Asking
from bot.core.callback import Callback
from bot.core.handlers.answering import Answering, composed, rated, turned_down
from bot.core.handlers.changes import changed
from bot.core.handlers.consenting import Consenting
from bot.core.handlers.people import (
    AskedForPerson,
    Cancel,
    CustomerEnds,
    LineMode,
    ToHuman,
    Waiting,
    media,
    quiet,
    says_cancel,
    says_end,
)
from bot.core.router import Route, Router
from bot.core.rules.calling import Judge, Ruled, RuledResult, StillRuled
from bot.core.rules.progress import turns_down_answer
from bot.domain.feedback import FEEDBACK
from bot.domain.ports import Library


def build_router(
    library: Library, judge: Judge, *, composes: bool, sure: float = math.inf
) -> Router:
    """The routes of the product; `composes` when a writer is there, asked below `sure`."""
    lines, reader = judge.lines, judge.reader
    asking = Asking(library, reader)
    answering = Answering(library, asking, lines, composes=composes, sure=sure)
    verbatim = Answering(library, asking, lines, composes=False)  # for answers beside a person's
    callback = Callback(lines)
    by_mode = LineMode(lines, verbatim)
    backs_out = f.either(f.presses(f.CANCEL), f.presses(f.END))
    answers = Router(
        (
            Route(callback.accepts, callback),
            Route(by_mode.accepts, by_mode),
            Route(f.wordless, media),
            Route(turns_down_answer, turned_down),
            Route(f.always, answering),
        )
    )
    return Router(
        (
            Route(f.kind("composed"), RuledResult(judge, composed)),
            Route(csat.is_answer, csat.answered),
            Route(f.presses(FEEDBACK), rated),
            Route(f.both(f.kind("edited", "deleted"), f.held_by("waiting", "human")), changed),
            Route(f.kind("stopped", "started", "revoked", "allowed"), Consenting(lines)),
            Route(f.kind("edited", "deleted", "joined"), quiet),
            Route(
                f.both(f.held_by("human"), f.either(f.presses(f.END), says_end)),
                CustomerEnds(lines),
            ),
            Route(f.held_by("human"), ToHuman(lines)),
            Route(f.both(f.held_by("waiting"), f.either(backs_out, says_cancel)), Cancel(lines)),
            Route(f.held_by("waiting"), StillRuled(judge, Waiting(lines, verbatim))),
            Route(f.either(f.held_by("closed"), backs_out), quiet),
            Route(f.presses(f.PERSON), AskedForPerson(lines)),
            Route(f.always, Ruled(judge, answers)),
        )
    )
