"""A customer's file goes to staff threads that can show it, and is told of in others."""

from dataclasses import replace

import pytest

from bot.core.fitting import fit
from bot.domain.files import checked_file
from bot.domain.message import Media, Outbound
from bot.domain.ports import Abilities
from tests.unit.core.house import ROOM, THREAD

OURS = checked_file("k", ROOM, "cup.pdf", b"%PDF-1").media()
THEIRS = Media(url="https://files.example/cup.pdf", mime="application/pdf", name="cup.pdf")
ROW = Outbound(
    key="k", address=THREAD, parts=(OURS,), author="customer", trace="t", holder_version=1
)


@pytest.mark.parametrize(
    ("part", "can", "shown"),
    [
        (OURS, Abilities(media=True), False),
        (OURS, Abilities(files=True), True),
        (THEIRS, Abilities(media=True), True),
        (THEIRS, Abilities(files=True), False),
        (OURS, Abilities(), False),
    ],
)
def test_what_cannot_be_shown_is_told_of(part: Media, can: Abilities, *, shown: bool):
    (row,) = fit(replace(ROW, parts=(part,)), can)
    assert (row.parts == (part,)) is shown
    assert ("cup.pdf (application/pdf). It is on the desk." in row.text()) is not shown
