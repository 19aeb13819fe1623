"""Files that customers and staff give each other: which ones, how they are named and kept."""

import hashlib
import unicodedata
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Protocol

from bot.domain.errors import BadRequest
from bot.domain.message import Address, Media

LARGEST = 5 * 1024 * 1024
"""Bytes of one file."""
LONGEST_NAME = 80
TYPES = {
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "application/pdf": (".pdf",),
}
"""What may be given, and how its names end."""
IMAGES = frozenset(mime for mime in TYPES if mime.startswith("image/"))
NOT_TAKEN = "Only pictures (JPEG, PNG, GIF, WebP) and PDF files are taken; this is something else."
TOO_LARGE = f"The file is over {LARGEST // 1024 // 1024} MB; send a smaller one."
EMPTY = "The file is empty; choose another one."
_SCHEME = "careline-file:"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """One file, kept for the conversations of an address. `id` is a hash of its message's key."""

    id: str
    address: Address
    name: str
    mime: str
    content: bytes

    def media(self) -> Media:
        """As a part of a message."""
        url = f"{_SCHEME}{self.id}"
        return Media(url=url, mime=self.mime, name=self.name, size=len(self.content))


class Files(Protocol):
    """Where files are kept, sealed. Raises `Unavailable` while the database is away."""

    async def add(self, file: StoredFile) -> None:
        """Keep one; a known id is left alone."""
        ...

    async def get(self, file: str, address: Address) -> StoredFile | None:
        """One that belongs to this address; None for all others."""
        ...

    async def find(self, file: str) -> StoredFile | None:
        """One by its id alone: for a message that names it, on its way to whoever may read it."""
        ...

    async def share(self, file: str, to: Address) -> Media | None:
        """The same file for another address; None where it is not known. Twice is once."""
        ...

    async def remove(self, file: str) -> None:
        """Forget one, if it is there."""
        ...


def checked_file(key: str, address: Address, name: str, content: bytes) -> StoredFile:
    """A file of a kind that is taken, by its first bytes. Raises `BadRequest`."""
    if not content:
        raise BadRequest(EMPTY)
    if len(content) > LARGEST:
        raise BadRequest(TOO_LARGE)
    mime = _kind(content)
    if mime is None:
        raise BadRequest(NOT_TAKEN)
    return StoredFile(
        id=id_of(key), address=address, name=_clean(name, mime), mime=mime, content=content
    )


def id_of(key: str) -> str:
    """The id of the file that came with a message."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:32]


def shared_with(file: StoredFile, to: Address) -> StoredFile:
    """A file as another address has it."""
    if file.address == to:
        return file
    return replace(file, id=id_of(f"{file.id}\x1f{to.key()}"), address=to)


def kept_id(media: Media) -> str | None:
    """The id of a file that we keep; None for those that a platform keeps."""
    return media.url.removeprefix(_SCHEME) if media.url.startswith(_SCHEME) else None


def _kind(content: bytes) -> str | None:
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    begins = {
        b"\xff\xd8\xff": "image/jpeg",
        b"\x89PNG\r\n\x1a\n": "image/png",
        b"GIF87a": "image/gif",
        b"GIF89a": "image/gif",
        b"%PDF-": "application/pdf",
    }
    return next((mime for start, mime in begins.items() if content.startswith(start)), None)


def _clean(name: str, mime: str) -> str:
    """A name without folders, without signs that hide or turn others round, and true to its kind.

    With a sign that turns writing round, `fdp.exe` is read as `exe.pdf`.
    """
    last = PurePosixPath(name.replace("\\", "/")).name
    kept = "".join(c for c in last if unicodedata.category(c)[0] != "C" and c not in '<>:"|?*')
    endings = TYPES[mime]
    stem = kept.rstrip(" .")
    for ending in endings:
        if stem.lower().endswith(ending):
            stem = stem[: -len(ending)]
            break
    return f"{stem.strip(' .')[:LONGEST_NAME] or 'file'}{endings[0]}"
