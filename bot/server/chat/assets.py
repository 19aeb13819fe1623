"""The page's own files, read once: small, versioned by what they hold, served from memory."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

FOLDER = Path(__file__).parent / "assets"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
# The version is part of the path, so modules that import each other by name stay together.
FOR_EVER = "public, max-age=31536000, immutable"
ASK_FIRST = "no-cache"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """One file as it is sent."""

    body: bytes
    content_type: str
    etag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assets:
    """All of them. `version` changes when any of them does."""

    files: Mapping[str, Asset]
    version: str

    def serve(self, request: web.Request, name: str, *, version: str | None = None) -> web.Response:
        """A file, or 304 when the browser has it. Raises `HTTPNotFound`."""
        asset = self.files.get(name)
        if asset is None:
            raise web.HTTPNotFound
        headers = {
            "Cache-Control": FOR_EVER if version == self.version else ASK_FIRST,
            "ETag": f'"{asset.etag}"',
            "X-Content-Type-Options": "nosniff",
        }
        known = request.if_none_match or ()
        if any(tag.value in (asset.etag, "*") for tag in known):
            return web.Response(status=304, headers=headers)
        headers["Content-Type"] = asset.content_type
        return web.Response(body=asset.body, headers=headers)


def load(folder: Path = FOLDER) -> Assets:
    """Read every file of the folder."""
    files = {
        path.name: _asset(path.read_bytes(), TYPES[path.suffix])
        for path in sorted(folder.iterdir())
        if path.suffix in TYPES
    }
    everything = "".join(f"{name} {asset.etag}\n" for name, asset in files.items())
    return Assets(files=files, version=_digest(everything.encode()))


def _asset(body: bytes, content_type: str) -> Asset:
    return Asset(body=body, content_type=content_type, etag=_digest(body))


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:16]
