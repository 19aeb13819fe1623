"""Has every file looked at by a scanner of yours before it is kept."""

import aiohttp

from bot.domain.errors import BadRequest
from bot.domain.files import Files, StoredFile
from bot.domain.message import Address, Media

UNSAFE = "The file was found to be unsafe, and was not kept."
UNCHECKED = "The file could not be checked just now. Try again in a moment."
_PATIENCE = aiohttp.ClientTimeout(total=5)
_OK, _REFUSED, _SERVER = range(200, 300), 400, 500


class ScannedFiles:
    """`Files` behind a scanner: it gets the bytes by POST; 2xx says clean, 4xx unsafe.

    What it cannot say is not kept.
    """

    def __init__(self, files: Files, url: str) -> None:
        self._files = files
        self._url = url

    async def add(self, file: StoredFile) -> None:
        """Keep one that is clean. Raises `BadRequest`."""
        try:
            async with (
                aiohttp.ClientSession(timeout=_PATIENCE) as session,
                session.post(
                    self._url, data=file.content, headers={"Content-Type": file.mime}
                ) as answer,
            ):
                status = answer.status
        except (aiohttp.ClientError, TimeoutError, OSError) as exc:
            raise BadRequest(UNCHECKED) from exc
        if _REFUSED <= status < _SERVER:
            raise BadRequest(UNSAFE)
        if status not in _OK:
            raise BadRequest(UNCHECKED)
        await self._files.add(file)

    async def get(self, file: str, address: Address) -> StoredFile | None:
        return await self._files.get(file, address)

    async def find(self, file: str) -> StoredFile | None:
        return await self._files.find(file)

    async def share(self, file: str, to: Address) -> Media | None:
        return await self._files.share(file, to)

    async def remove(self, file: str) -> None:
        await self._files.remove(file)
