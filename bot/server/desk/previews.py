"""Tells a person who follows a sign-in link from a program that only looks where it leads."""

import re

from aiohttp import web

_PREVIEW = re.compile(
    r"bot\b|crawl|spider|preview|prefetch|scan|unfurl|embed|externalhit|facebot|slack|skype|teams"
    r"|whatsapp|telegram|signal|viber|discord|linkedin|pinterest|safelinks|proofpoint|mimecast"
    r"|barracuda",
    re.IGNORECASE,
)
_EARLY = ("Purpose", "Sec-Purpose", "X-Purpose", "X-Moz")
_OPENED = frozenset({"document", "empty"})


def follows_link(request: web.Request) -> bool:
    """Whether somebody opens this address: a browser's own page, or a plain client.

    Chats and mail filters fetch links before people do, and a one-time link would be spent by
    then. Who is taken for one of them by mistake has to press a button.
    """
    headers = request.headers
    if any(headers.get(name) for name in _EARLY) or _PREVIEW.search(_agent(request)):
        return False
    if headers.get("Sec-Fetch-Mode") == "no-cors":  # <link rel="prefetch">, an image
        return False
    return headers.get("Sec-Fetch-Dest", "document") in _OPENED


def poses_as_browser(request: web.Request) -> bool:
    """A browser by its name alone. By https, real ones say how they came to ask.

    https://www.w3.org/TR/fetch-metadata/
    """
    return _agent(request).startswith("Mozilla/") and "Sec-Fetch-Mode" not in request.headers


def _agent(request: web.Request) -> str:
    return request.headers.get("User-Agent", "")
