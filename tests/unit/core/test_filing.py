"""A file to the customer: only from the claimer, only where it can arrive, once."""

from dataclasses import replace

import pytest

from bot.core.commit import Commit
from bot.core.filing import NO_FILES, Filing
from bot.domain.errors import BadRequest, TransitionRefused
from bot.domain.files import NOT_TAKEN, kept_id
from bot.domain.message import Media
from tests.fakes.channel import PLAIN, FakeChannel
from tests.fakes.files import FakeFiles
from tests.unit.core.house import ADA, BEN, ROOM, House

PDF = b"%PDF-1.7"


async def claimed(*, takes: bool = True) -> tuple[House, FakeFiles, Filing]:
    house = House(channels=(FakeChannel(abilities=replace(PLAIN, files=takes)),))
    await house.say("a human please")
    await house.desk.act(house.handoff, "claim", ADA)
    await house.run()
    files = FakeFiles()
    return house, files, Filing(house.store, Commit(house.channels), house.clock, files)


async def test_the_customer_gets_the_file_once():
    house, files, filing = await claimed()
    for _ in range(2):
        await filing.send(house.handoff, ADA, "label.pdf", PDF, "k1")
    await house.run()
    assert len(files.kept) == 1
    (part,) = house.channel.shown[-1].parts
    assert isinstance(part, Media)
    assert (part.name, part.mime, part.size) == ("label.pdf", "application/pdf", 8)
    kept = await files.get(kept_id(part) or "", ROOM)
    assert kept is not None
    assert kept.content == PDF
    assert [m.parts for m in house.channel.shown].count((part,)) == 1


async def test_nobody_else_sends_one_and_nothing_is_kept():
    house, files, filing = await claimed()
    with pytest.raises(TransitionRefused, match="not_yours"):
        await filing.send(house.handoff, BEN, "label.pdf", PDF, "k1")
    with pytest.raises(TransitionRefused, match="unknown"):
        await filing.send("another", ADA, "label.pdf", PDF, "k1")
    assert files.kept == {}


async def test_what_cannot_arrive_is_said():
    house, files, filing = await claimed(takes=False)
    with pytest.raises(BadRequest) as refused:
        await filing.send(house.handoff, ADA, "label.pdf", PDF, "k1")
    assert str(refused.value) == NO_FILES
    assert files.kept == {}


async def test_what_is_no_picture_and_no_pdf_is_not_sent():
    house, files, filing = await claimed()
    with pytest.raises(BadRequest) as refused:
        await filing.send(house.handoff, ADA, "label.pdf", b"MZ", "k1")
    assert str(refused.value) == NOT_TAKEN
    assert files.kept == {}
