"""Addresses belong to lines, modes are switched while running, shares are stable."""

import pytest

from bot.core.lines import Lines, NoLine, shared
from bot.domain.conversation import Conversation
from bot.domain.errors import SettingsError
from bot.domain.message import Address
from tests.fakes.clock import START
from tests.unit.core.house import ROOM, line

IT = line(name="it", kb="it", addresses=("web:it",), mode="shadow")


def test_an_address_has_one_line():
    lines = Lines((line(), IT))
    assert lines.of(ROOM).name == "shop"
    assert lines.of(Address(channel="web", account="it", room="any", thread="x")) == IT
    assert lines.all() == (line(), IT)


def test_unknown_addresses_and_names():
    lines = Lines((line(),))
    with pytest.raises(NoLine, match="web:it"):
        lines.of(Address(channel="web", account="it", room="r"))
    with pytest.raises(NoLine):
        lines.named("it")
    assert lines.find("it") is None


def test_modes_are_switched_while_running():
    lines = Lines((line(), IT))
    lines.switch({"shop": "off", "gone": "off"})
    assert [one.mode for one in lines.all()] == ["off", "shadow"]
    assert lines.of(ROOM).mode == "off"
    lines.switch({})
    assert lines.named("shop").mode == "on"


def test_no_lines_is_a_fault():
    with pytest.raises(SettingsError) as faults:
        Lines(())
    assert faults.value.faults == ("lines: at least one line is needed",)


def test_a_share_is_stable_and_about_right():
    many = [
        Conversation(id=f"c{n}", line="shop", address=ROOM, opened_at=START) for n in range(2000)
    ]
    assert not any(shared(c, 0) for c in many)
    assert all(shared(c, 100) for c in many)
    third = {c.id for c in many if shared(c, 30)}
    assert 500 < len(third) < 700
    assert third == {c.id for c in many if shared(c, 30)}
    assert third <= {c.id for c in many if shared(c, 60)}
