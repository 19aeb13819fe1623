"""How the library's client reaches Twilio: our session, our patience, and `Retry-After` obeyed."""

import logging
from datetime import timedelta

import aiohttp
from twilio.http import AsyncHttpClient
from twilio.http.response import Response

from bot.domain.errors import TryLater

_PATIENCE = aiohttp.ClientTimeout(total=10, sock_connect=5)
_TOO_MANY = 429
_LEAST_S, _LONGEST_S = 1, 300
_SILENT = logging.getLogger("careline.twilio.http")
_SILENT.setLevel(logging.CRITICAL)  # the library would tell of headers and parameters


class TwilioHttp(AsyncHttpClient):  # type: ignore[misc]  # the library has no types
    """One session for all calls; the library's own has no timeout and drops `Retry-After`."""

    def __init__(self) -> None:
        super().__init__(_SILENT, True)  # noqa: FBT003  the library's order
        self._session: aiohttp.ClientSession | None = None

    async def request(  # noqa: PLR0913, PLR0917  the library's names
        self,
        method: str,
        url: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109  ours stands for all calls
        allow_redirects: bool = False,  # noqa: FBT001, FBT002  the library's names
    ) -> Response:
        """The answer, whatever its status. Raises `TryLater` where there were too many calls."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=_PATIENCE)
        sent = dict(headers or {})
        if auth is not None:
            sent["Authorization"] = aiohttp.encode_basic_auth(*auth)
        json = "json" in sent.get("Content-Type", "")
        asked = self._session.request(
            method,
            url,
            params=_words(params),
            data=None if json or data is None else _form(data),
            json=data if json else None,
            headers=sent,
            allow_redirects=allow_redirects,
        )
        async with asked as answer:
            if answer.status == _TOO_MANY:
                raise TryLater(_after(answer.headers.get("Retry-After", "")))
            return Response(answer.status, await answer.text(), answer.headers)

    async def close(self) -> None:
        """Let go of connections."""
        if self._session is not None:
            await self._session.close()


def _after(given: str) -> timedelta:
    return timedelta(seconds=min(max(int(given), _LEAST_S), _LONGEST_S) if given.isdigit() else 5)


def _words(params: dict[str, object] | None) -> dict[str, str] | None:
    return None if params is None else {name: str(value) for name, value in params.items()}


def _form(data: dict[str, object]) -> aiohttp.FormData:
    """A parameter with several values is repeated."""
    form = aiohttp.FormData()
    for name, value in data.items():
        for one in value if isinstance(value, list | tuple) else (value,):
            form.add_field(name, str(one))
    return form
