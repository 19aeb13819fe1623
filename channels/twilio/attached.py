"""Files that people attach: fetched with our credentials while Twilio still waits, and kept.

https://www.twilio.com/docs/messaging/guides/accepting-incoming-messages#media
"""

import asyncio
import logging
from collections.abc import Sequence
from urllib.parse import urljoin, urlsplit

import aiohttp

from bot.domain.errors import BadRequest
from bot.domain.files import LARGEST, Files, checked_file
from bot.domain.message import Address, Media, Part, Text
from channels.twilio.contacts import card_in_words
from channels.twilio.section import TwilioConfig

log = logging.getLogger("careline.twilio")
_PATIENCE_S = 6.0
"""For all files of a message: Twilio gives a webhook fifteen seconds."""
_HOME = ".twilio.com"
_REDIRECTS, _BITE, _OK = 3, 64 * 1024, 200
_MOVED = frozenset({301, 302, 303, 307, 308})
_CARDS = ("text/vcard", "text/x-vcard", "text/directory")
_KINDS = {"audio": "voice message", "video": "video", "image": "picture", "text": "text file"}


class Attachments:
    """Fetches for one account; `files` is where files are kept."""

    def __init__(self, config: TwilioConfig, files: Files) -> None:
        self._config = config
        self._files = files
        self._made: aiohttp.ClientSession | None = None

    async def kept(self, parts: Sequence[Part], key: str, place: Address) -> tuple[Part, ...]:
        """The parts with each file kept by us, or told of in words where that cannot be.

        Raises `Unavailable`: then Twilio is to come again.
        """
        found: list[Part] = []
        until = asyncio.get_running_loop().time() + _PATIENCE_S
        for number, part in enumerate(parts):
            if not isinstance(part, Media):
                found.append(part)
                continue
            try:
                async with asyncio.timeout_at(until):
                    found.append(await self._kept(part, f"{key}:file:{number}", place))
            except (BadRequest, TimeoutError, aiohttp.ClientError, OSError) as exc:
                log.info("twilio_file_left", extra={"error": type(exc).__name__})
                found.append(Text(text=in_words(part, exc)))
        return tuple(found)

    async def close(self) -> None:
        """Let go of connections."""
        if self._made is not None:
            await self._made.close()

    async def _kept(self, media: Media, key: str, place: Address) -> Part:
        content = await self._fetched(media.url)
        if media.mime.partition(";")[0].strip().casefold() in _CARDS:
            return Text(text=card_in_words(content))
        file = checked_file(key, place, media.name, content)
        await self._files.add(file)
        return file.media()

    async def _fetched(self, url: str) -> bytes:
        """Our secret is for Twilio alone: where it sends us on, that goes without it."""
        if not self._is_twilios(url):
            raise BadRequest("the address of the file is not Twilio's")
        sid, token = self._config.account_sid, self._config.auth_token
        proof = {"Authorization": aiohttp.encode_basic_auth(sid, token)}
        for _ in range(_REDIRECTS + 1):
            async with self._session().get(url, headers=proof, allow_redirects=False) as answer:
                if answer.status == _OK:
                    return await _read(answer)
                if answer.status not in _MOVED:
                    raise BadRequest("the file was not given")
                url = urljoin(url, answer.headers.get("Location", ""))
            proof = proof if self._is_twilios(url) else {}
            if not proof and urlsplit(url).scheme != "https":
                raise BadRequest("the file is nowhere safe")
        raise BadRequest("the file is nowhere")

    def _is_twilios(self, url: str) -> bool:
        """Whether our secret may be shown to this address: Twilio's, or where its API is."""
        asked, api = urlsplit(url), urlsplit(self._config.api_url)
        if (asked.scheme, asked.netloc) == (api.scheme, api.netloc):
            return True
        return asked.scheme == "https" and (asked.hostname or "").endswith(_HOME)

    def _session(self) -> aiohttp.ClientSession:
        if self._made is None:
            self._made = aiohttp.ClientSession()
        return self._made


async def _read(answer: aiohttp.ClientResponse) -> bytes:
    content = bytearray()
    async for bite in answer.content.iter_chunked(_BITE):
        content += bite
        if len(content) > LARGEST:
            raise BadRequest("too large")
    return bytes(content)


def in_words(media: Media, why: Exception) -> str:
    """What is told of a file that was not kept."""
    kind = _KINDS.get(media.mime.partition("/")[0], "file")
    if isinstance(why, TimeoutError | aiohttp.ClientError | OSError):
        return f"(a {kind}, which could not be fetched)"
    large = "too large" in str(why) or "MB" in str(why)
    return f"(a {kind}, {'too large to be kept' if large else 'of a kind that is not kept'})"
