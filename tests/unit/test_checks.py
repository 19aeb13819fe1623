"""What `/readyz` says of the knowledge bases."""

from datetime import UTC, datetime

from bot.checks import knowledge_check
from bot.domain.ports import Edition


class Told:
    """A library that tells what it was told to."""

    def __init__(self, *, served: tuple[str, ...] = (), ailing: tuple[str, ...] = ()) -> None:
        self._served = served
        self._ailing = ailing

    def editions(self) -> tuple[Edition, ...]:
        return tuple(
            Edition(
                kb=kb,
                version=1,
                fingerprint="f00d",
                articles=1,
                gate=(0.5, 0.25),
                made_at=datetime(2026, 3, 2, tzinfo=UTC),
            )
            for kb in self._served
        )

    def ailing(self) -> tuple[str, ...]:
        return self._ailing


async def test_all_served_is_well():
    assert await knowledge_check(Told(served=("it", "shop")), {"shop"})() is None


async def test_one_that_was_never_published_wants_an_ingest():
    fault = await knowledge_check(Told(served=("it",)), {"shop", "it"})()
    assert fault == "no live version of shop: run careline ingest"


async def test_one_that_cannot_be_searched_is_named_and_needs_no_ingest():
    fault = await knowledge_check(Told(served=("it",), ailing=("shop",)), {"shop", "it"})()
    assert fault is not None
    assert "shop cannot be searched" in fault
    assert "ingest" not in fault


async def test_one_that_no_line_asks_for_does_not_matter():
    assert await knowledge_check(Told(served=("it",), ailing=("shop",)), {"it"})() is None
