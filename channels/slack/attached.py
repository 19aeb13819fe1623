"""Files: those people attach are fetched while Slack still waits, those we keep are handed over.

https://docs.slack.dev/messaging/working-with-files
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import BadRequest, Refused, TryLater, Unavailable
from bot.domain.files import LARGEST, Files, checked_file, kept_id
from bot.domain.message import Address, Media
from channels.slack.errors import AGAIN, mapped_errors

log = logging.getLogger("careline.slack")
Json: TypeAlias = dict[str, Any]
_PATIENCE_S = 1.5
"""For all files of a message: Slack wants its event answered within three seconds."""
_MOST = 5
_BITE = 64 * 1024
_OK = 200
_HOME = "slack.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """What was fetched, and the message without it: what is left in it is told of by name."""

    media: tuple[Media, ...]
    message: Json


class Attachments:
    """`files` is where files are kept, `token` proves us to Slack's file store."""

    def __init__(
        self,
        client: Callable[[], AsyncWebClient],
        session: Callable[[], aiohttp.ClientSession],
        files: Files,
        base_url: str,
    ) -> None:
        self._client = client
        self._session = session
        self._files = files
        self._base = urlsplit(base_url)

    async def fetched(self, message: Json, key: str, place: Address) -> Attached:
        """Keep the files of a message, as far as time and their kind allow.

        Raises `Unavailable`: then the message comes again.
        """
        given = [one for one in message.get("files") or [] if isinstance(one, dict)]
        kept: dict[int, Media] = {}
        try:
            async with asyncio.timeout(_PATIENCE_S):
                for place_in, file in enumerate(given[:_MOST]):
                    media = await self._kept(file, f"{key}:file:{place_in}", place)
                    if media is not None:
                        kept[place_in] = media
        except TimeoutError:
            log.warning("slack_file_left", extra={"error": "TimeoutError"})
        left = [one for place_in, one in enumerate(given) if place_in not in kept]
        return Attached(media=tuple(kept.values()), message={**message, "files": left})

    async def hand_over(self, given: Sequence[Media], place: Address, words: str) -> str:
        """Show files that we keep in a room, under some words, all in one; Slack's id of the first.

        Raises `TryLater` and `Refused`.
        """
        with mapped_errors():
            slots = [await self._uploaded(one) for one in given]
            await self._client().files_completeUploadExternal(
                files=slots,
                channel_id=place.room,
                thread_ts=place.thread,
                initial_comment=words or None,
            )
        return str(slots[0]["id"])

    async def _uploaded(self, given: Media) -> dict[str, str | None]:
        """Nobody sees it yet."""
        try:
            found = await self._files.find(kept_id(given) or "")
        except Unavailable as exc:
            raise TryLater(AGAIN) from exc
        if found is None:
            raise Refused("the file is not kept any more", remedy="Ask for it to be sent again.")
        slot = await self._client().files_getUploadURLExternal(
            filename=found.name, length=len(found.content)
        )
        async with self._session().post(slot["upload_url"], data=found.content) as answer:
            if answer.status != _OK:
                raise TryLater(AGAIN)
        return {"id": str(slot["file_id"]), "title": found.name}

    async def _kept(self, file: Json, key: str, place: Address) -> Media | None:
        """None for what is not to be had: too large, of another kind, of another organisation."""
        url = str(file.get("url_private_download") or file.get("url_private") or "")
        size = file.get("size")
        if not self._is_slacks(url) or (isinstance(size, int) and size > LARGEST):
            return None
        try:
            content = b"".join([bite async for bite in self._read(url)])
            stored = checked_file(key, place, str(file.get("name") or "file"), content)
            await self._files.add(stored)
        except Unavailable:
            raise
        except (BadRequest, aiohttp.ClientError, OSError) as exc:
            log.info("slack_file_left", extra={"error": type(exc).__name__})
            return None
        return stored.media()

    async def _read(self, url: str) -> AsyncIterator[bytes]:
        """Without a scope Slack leads to a page to sign in: a redirect is no file."""
        proof = {"Authorization": f"Bearer {self._client().token}"}
        async with self._session().get(url, headers=proof, allow_redirects=False) as answer:
            if answer.status != _OK:
                raise BadRequest("the file was not given")
            size = 0
            async for bite in answer.content.iter_chunked(_BITE):
                size += len(bite)
                if size > LARGEST:
                    raise BadRequest("the file is larger than was said")
                yield bite

    def _is_slacks(self, url: str) -> bool:
        """Whether the token may be shown to this address: Slack's own, or where the API is."""
        asked = urlsplit(url)
        if (asked.scheme, asked.netloc) == (self._base.scheme, self._base.netloc):
            return True
        host = asked.hostname or ""
        ours = self._base.hostname or ""
        home = _HOME if ours.endswith(_HOME) else ".".join(ours.split(".")[-2:])
        return asked.scheme == "https" and (host == home or host.endswith(f".{home}"))
