"""What every staff book and every book of modes must do, whatever keeps them."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Protocol

import pytest

from bot.domain.contact import Person
from bot.domain.desk import Modes, StaffBook
from bot.domain.errors import BadRequest, NotAuthentic
from bot.domain.ports import Clock

SOON = timedelta(minutes=10)
HORSE, STAPLE = "correct horse", "battery staple"
ADA = Person(id="ada", name="Ada", email="ada@example.org", rights=("handle", "operate"))
BEN = Person(id="ben", name="Ben", email="ben@example.org", lines=("shop",))


class AnyClock(Clock, Protocol):
    """A clock that the suite can move."""

    def advance(self, by: timedelta) -> None:
        """Let time pass."""
        ...


class StaffBookSuite:
    """Subclass it and give it an empty book that tells time by the clock."""

    @pytest.fixture
    def clock(self) -> AnyClock:
        raise NotImplementedError

    @pytest.fixture
    def book(self, clock: AnyClock) -> StaffBook:
        raise NotImplementedError

    async def test_people_come_by_name(self, book: StaffBook):
        await book.put(BEN)
        await book.put(ADA)
        assert await book.people() == (ADA, BEN)

    async def test_put_changes_somebody(self, book: StaffBook):
        await book.put(ADA)
        changed = replace(ADA, name="Ada B.", lines=("shop", "it"), rights=("handle",))
        await book.put(changed)
        assert await book.people() == (changed,)

    async def test_a_link_signs_in_once(self, book: StaffBook, clock: AnyClock):
        await book.put(ADA)
        link = await book.link("ada", valid=SOON)
        token, session = await book.sign_in(token=link)
        assert session.person == ADA
        assert session.expires_at > clock.now()
        assert await book.session(token) == session
        with pytest.raises(NotAuthentic):
            await book.sign_in(token=link)

    async def test_a_link_used_by_two_at_once_lets_one_in(self, book: StaffBook):
        await book.put(ADA)
        link = await book.link("ada", valid=SOON)
        tries = (book.sign_in(token=link) for _ in range(4))
        results = await asyncio.gather(*tries, return_exceptions=True)
        refused = [r for r in results if isinstance(r, NotAuthentic)]
        assert len(refused) == 3

    async def test_a_link_grows_old(self, book: StaffBook, clock: AnyClock):
        await book.put(ADA)
        link = await book.link("ada", valid=SOON)
        clock.advance(SOON)
        with pytest.raises(NotAuthentic):
            await book.sign_in(token=link)

    async def test_links_are_for_known_people(self, book: StaffBook):
        with pytest.raises(BadRequest):
            await book.link("nobody", valid=SOON)

    async def test_links_differ(self, book: StaffBook):
        await book.put(ADA)
        await book.put(BEN)
        first, second = await book.link("ada", valid=SOON), await book.link("ben", valid=SOON)
        assert first != second
        assert (await book.sign_in(token=second))[1].person == BEN
        assert (await book.sign_in(token=first))[1].person == ADA

    @pytest.mark.parametrize("login", ["ada", "ada@example.org"])
    async def test_a_password_signs_in(self, book: StaffBook, login: str):
        await book.put(ADA, password=HORSE)
        await book.put(BEN, password=STAPLE)
        for _ in range(2):
            token, session = await book.sign_in(login=login, password=HORSE)
            assert session.person == ADA
            found = await book.session(token)
            assert found is not None
            assert found.person == ADA

    @pytest.mark.parametrize(
        ("login", "password"),
        [
            ("ada", "wrong"),
            ("ada", ""),
            ("ada", None),
            ("nobody", HORSE),
            ("ben", HORSE),  # has no password at all
            ("ben", ""),
            (None, HORSE),
            (None, None),
        ],
    )
    async def test_a_wrong_sign_in_is_refused(
        self, book: StaffBook, login: str | None, password: str | None
    ):
        await book.put(ADA, password=HORSE)
        await book.put(replace(BEN, email=None))
        with pytest.raises(NotAuthentic):
            await book.sign_in(login=login, password=password)

    @pytest.mark.parametrize("token", ["", "nonsense", "ada"])
    async def test_a_wrong_token_is_refused(self, book: StaffBook, token: str):
        await book.put(ADA, password=HORSE)
        with pytest.raises(NotAuthentic):
            await book.sign_in(token=token)

    async def test_a_new_password_replaces_the_earlier_one(self, book: StaffBook):
        await book.put(ADA, password=HORSE)
        await book.put(ADA, password=STAPLE)
        await book.sign_in(login="ada", password=STAPLE)
        with pytest.raises(NotAuthentic):
            await book.sign_in(login="ada", password=HORSE)

    async def test_a_change_without_a_password_keeps_it(self, book: StaffBook):
        await book.put(ADA, password=HORSE)
        await book.put(replace(ADA, name="Ada B."))
        _, session = await book.sign_in(login="ada", password=HORSE)
        assert session.person.name == "Ada B."

    async def test_a_new_password_ends_sessions_and_open_links(self, book: StaffBook):
        await book.put(ADA, password=HORSE)
        await book.put(BEN)
        token, _ = await book.sign_in(login="ada", password=HORSE)
        link, other = await book.link("ada", valid=SOON), await book.link("ben", valid=SOON)
        await book.put(ADA, password=STAPLE)
        assert await book.session(token) is None
        with pytest.raises(NotAuthentic):
            await book.sign_in(token=link)
        assert (await book.sign_in(token=other))[1].person == BEN

    async def test_somebody_removed_is_out_at_once(self, book: StaffBook):
        await book.put(ADA, password=HORSE)
        await book.put(BEN)
        token, _ = await book.sign_in(login="ada", password=HORSE)
        link = await book.link("ada", valid=SOON)
        await book.remove("ada")
        assert await book.people() == (BEN,)
        assert await book.session(token) is None
        with pytest.raises(NotAuthentic):
            await book.sign_in(token=link)
        with pytest.raises(NotAuthentic):
            await book.sign_in(login="ada", password=HORSE)
        with pytest.raises(BadRequest):
            await book.remove("ada")
        await book.put(ADA)  # the name is free again

    async def test_a_session_knows_the_person_as_they_are_now(self, book: StaffBook):
        await book.put(ADA, password=HORSE)
        token, _ = await book.sign_in(login="ada", password=HORSE)
        await book.put(replace(ADA, rights=()))
        session = await book.session(token)
        assert session is not None
        assert session.person.rights == ()

    async def test_a_session_ends(self, book: StaffBook, clock: AnyClock):
        await book.put(ADA)
        token, session = await book.sign_in(token=await book.link("ada", valid=SOON))
        clock.advance(session.expires_at - clock.now())
        assert await book.session(token) is None

    async def test_signing_out_ends_one_session(self, book: StaffBook):
        await book.put(ADA)
        first, _ = await book.sign_in(token=await book.link("ada", valid=SOON))
        second, _ = await book.sign_in(token=await book.link("ada", valid=SOON))
        await book.sign_out(first)
        await book.sign_out(first)
        assert await book.session(first) is None
        assert await book.session(second) is not None

    @pytest.mark.parametrize("token", ["", "nonsense", "ada"])
    async def test_an_unknown_session_is_none(self, book: StaffBook, token: str):
        await book.put(ADA)
        assert await book.session(token) is None

    async def test_a_link_is_no_session(self, book: StaffBook):
        await book.put(ADA)
        assert await book.session(await book.link("ada", valid=SOON)) is None


class ModesSuite:
    """Subclass it and give it modes that nobody has switched yet."""

    @pytest.fixture
    def modes(self) -> Modes:
        raise NotImplementedError

    async def test_nothing_is_switched_at_first(self, modes: Modes):
        assert await modes.all() == {}

    async def test_switching_holds_per_line(self, modes: Modes):
        await modes.switch("shop", "off", by="ada")
        await modes.switch("it", "shadow", by="ben")
        assert await modes.all() == {"shop": "off", "it": "shadow"}

    async def test_the_last_switch_holds(self, modes: Modes):
        for mode in ("off", "shadow", "share", "on"):
            await modes.switch("shop", mode, by="ada")
            assert await modes.all() == {"shop": mode}

    async def test_what_all_gave_is_a_copy(self, modes: Modes):
        await modes.switch("shop", "off", by="ada")
        (await modes.all()).clear()
        assert await modes.all() == {"shop": "off"}
