"""Answering with a file that somebody gave: never anything that a browser would run."""

from aiohttp import web
from aiohttp.helpers import content_disposition_header

from bot.domain.files import IMAGES, StoredFile

PATIENCE_S = 90.0
"""How long a file may take to arrive: 5 MB at half a megabit a second."""


def file_answer(file: StoredFile, *, inline: bool) -> web.Response:
    """The file; pictures may be shown in a page where `inline`, all else is only saved."""
    kind = "inline" if inline and file.mime in IMAGES else "attachment"
    return web.Response(
        body=file.content,
        content_type=file.mime,
        headers={
            "Content-Disposition": content_disposition_header(kind, filename=file.name),
            "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )
