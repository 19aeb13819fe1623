"""What every `Files` must do."""

from dataclasses import replace

from bot.domain.files import Files, StoredFile, kept_id
from bot.domain.message import Address

HOME = Address(channel="web", account="shop", room="v1")
AWAY = replace(HOME, room="v2")
FILE = StoredFile(
    id="a" * 32,
    address=HOME,
    name="a receipt.pdf",
    mime="application/pdf",
    content=b"%PDF-\x00\xff",
)


class FilesSuite:
    async def test_a_file_is_for_its_address_alone(self, files: Files):
        await files.add(FILE)
        assert await files.get(FILE.id, HOME) == FILE
        assert await files.get(FILE.id, AWAY) is None
        assert await files.get("b" * 32, HOME) is None

    async def test_a_known_file_is_left_alone(self, files: Files):
        await files.add(FILE)
        await files.add(replace(FILE, name="another.pdf", content=b"%PDF-2"))
        assert await files.get(FILE.id, HOME) == FILE

    async def test_a_file_is_found_by_its_id(self, files: Files):
        await files.add(FILE)
        found = await files.find(FILE.id)
        assert found is not None
        assert (found.name, found.mime, found.content) == (FILE.name, FILE.mime, FILE.content)
        assert await files.find("b" * 32) is None

    async def test_a_shared_file_is_for_both(self, files: Files):
        await files.add(FILE)
        shared = await files.share(FILE.id, AWAY)
        assert shared is not None
        assert await files.share(FILE.id, AWAY) == shared
        theirs = await files.get(kept_id(shared) or "", AWAY)
        assert theirs is not None
        assert theirs.content == FILE.content
        assert await files.get(kept_id(shared) or "", HOME) is None
        assert await files.get(FILE.id, HOME) == FILE
        assert await files.share("b" * 32, AWAY) is None

    async def test_a_file_is_removed(self, files: Files):
        await files.add(FILE)
        await files.remove(FILE.id)
        await files.remove(FILE.id)
        assert await files.get(FILE.id, HOME) is None
