"""What every archive must do, whatever keeps the versions."""

import asyncio
from datetime import UTC, datetime

import pytest

from bot.domain.errors import Conflict, KnowledgeError
from bot.domain.ports import Archive, Shelf
from tests.conformance.shelf_suite import COST, PATIENCE_SECONDS, PAY, TRACK, put

LATER = datetime(2026, 3, 4, 9, tzinfo=UTC)


class ArchiveSuite:
    """Subclass it and give it an empty shelf, and the archive over it."""

    @pytest.fixture
    def shelf(self) -> Shelf:
        raise NotImplementedError

    @pytest.fixture
    def archive(self) -> Archive:
        raise NotImplementedError

    async def told(self, archive: Archive) -> list[tuple[int, str, int, bool]]:
        found = await archive.publications("shop")
        return [(one.version, one.act, one.articles, one.kept) for one in found]

    async def test_what_was_published_is_told(self, shelf: Shelf, archive: Archive):
        assert await archive.publications("shop") == ()
        for version in range(4):
            await put(shelf, "shop", *(TRACK, PAY)[: 1 + version % 2], version=version)
        await put(shelf, "it", TRACK)
        assert await self.told(archive) == [
            (4, "ingest", 2, True),
            (3, "ingest", 1, True),
            (2, "ingest", 2, True),
            (1, "ingest", 1, False),
        ]

    async def test_a_version_is_restored(self, shelf: Shelf, archive: Archive):
        await put(shelf, "shop", TRACK)
        await put(shelf, "shop", PAY, version=1)
        async with asyncio.timeout(PATIENCE_SECONDS), shelf.changes() as changes:
            await archive.restore("shop", 1, LATER)
            assert await anext(changes) == "shop"
        (live,) = await shelf.live()
        assert live.version == 1
        assert await shelf.articles("shop", 1) == (TRACK,)
        newest = (await archive.publications("shop"))[0]
        assert (newest.version, newest.act, newest.at) == (1, "rollback", LATER)

    async def test_what_was_restored_is_built_on(self, shelf: Shelf, archive: Archive):
        for version, article in enumerate((TRACK, PAY, COST)):
            await put(shelf, "shop", article, version=version)
        await archive.restore("shop", 1, LATER)
        with pytest.raises(Conflict):
            await put(shelf, "shop", TRACK, PAY, version=3)
        assert await put(shelf, "shop", TRACK, PAY, version=1) == 4
        assert await shelf.articles("shop", 4) == (PAY, TRACK)
        assert await shelf.articles("shop", 1) == (TRACK,)  # it was live a moment ago
        await archive.restore("shop", 3, LATER)
        assert await shelf.articles("shop", 3) == (COST,)

    async def test_what_is_not_kept_cannot_come_back(self, shelf: Shelf, archive: Archive):
        for version in range(4):
            await put(shelf, "shop", TRACK, version=version)
        for name, version in (("shop", 1), ("shop", 5), ("nowhere", 1)):
            with pytest.raises(KnowledgeError, match="not kept"):
                await archive.restore(name, version, LATER)
        assert (await shelf.live())[0].version == 4
