"""What every `Files` must do."""

from dataclasses import replace

from bot.domain.files import Files, StoredFile
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

    async def test_a_file_is_removed(self, files: Files):
        await files.add(FILE)
        await files.remove(FILE.id)
        await files.remove(FILE.id)
        assert await files.get(FILE.id, HOME) is None
