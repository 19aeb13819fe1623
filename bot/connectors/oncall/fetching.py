"""Getting a calendar from where it is, a file or a URL, and no more of it than is reasonable."""

import asyncio
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from pydantic import TypeAdapter

from bot.connectors.oncall.section import Source
from bot.domain.errors import ConnectorError
from bot.domain.oncall import Shift

LARGEST = 5 * 1024 * 1024
"""Bytes of a calendar. Years of on-call shifts are a tenth of it."""
_FETCH = aiohttp.ClientTimeout(total=20, sock_connect=5)
_READ_S = 30
BACK, AHEAD = timedelta(days=2), timedelta(days=400)
"""What is kept of a calendar: if its feed stays broken, the last good copy lasts for a year."""
_CHILD = (sys.executable, "-m", "bot.connectors.oncall.reading")
_ROOT = Path(__file__).parents[3]
_SHIFTS: TypeAdapter[tuple[Shift, ...]] = TypeAdapter(tuple[Shift, ...])


async def read(source: Source, now: datetime) -> tuple[Shift, ...]:
    """The shifts of a calendar. Raises `ConnectorError`, whose words hold nothing of the URL."""
    data = await _fetched(source.place)
    return await _parsed(data, source.zone, now)


async def _fetched(place: str) -> bytes:
    try:
        scheme = urlsplit(place).scheme.casefold()
    except ValueError as exc:
        raise ConnectorError("it is neither an address nor a file") from exc
    if scheme in ("http", "https", "webcal"):
        return await _over_http(place if scheme != "webcal" else f"https{place[6:]}")
    return await asyncio.to_thread(_from_file, place.removeprefix("file://"))


def _from_file(path: str) -> bytes:
    try:
        found = Path(path).expanduser()
        if found.exists() and not found.is_file():
            raise ConnectorError("it is not a file")  # a pipe might be waited for without end
        with found.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as exc:
        raise ConnectorError(f"the file cannot be read ({exc.strerror})") from exc
    except (ValueError, RuntimeError) as exc:
        raise ConnectorError("it is neither an address nor a file") from exc
    _check(len(data))
    return data


async def _over_http(url: str) -> bytes:
    data = bytearray()
    try:
        async with aiohttp.ClientSession(timeout=_FETCH) as http, http.get(url) as answer:
            if answer.status != 200:  # noqa: PLR2004  HTTP's own number
                raise ConnectorError(f"the server answers {answer.status}")
            async for piece in answer.content.iter_chunked(1 << 16):
                data += piece
                _check(len(data))
    except (aiohttp.ClientError, TimeoutError, ValueError, OSError) as exc:
        raise ConnectorError(f"it cannot be reached ({type(exc).__name__})") from exc
    return bytes(data)


def _check(size: int) -> None:
    if size > LARGEST:
        raise ConnectorError(f"it is larger than {LARGEST >> 20} MB: export the schedule alone")


async def _parsed(data: bytes, zone: str, now: datetime) -> tuple[Shift, ...]:
    window = {"begin": (now - BACK).isoformat(), "end": (now + AHEAD).isoformat(), "zone": zone}
    answer = await _asked(json.dumps(window).encode() + b"\n" + data)
    if fault := answer.get("fault"):
        raise ConnectorError(str(fault))
    shifts = _SHIFTS.validate_python(answer["shifts"])
    if answer["unread"] and not shifts:
        raise ConnectorError("none of its entries can be read")  # the last good copy is better
    if answer["unread"]:
        raise Partly(f"{answer['unread']} of its entries cannot be read", shifts)
    return shifts


class Partly(ConnectorError):
    """A calendar of which some entries cannot be read; `shifts` are the others."""

    def __init__(self, words: str, shifts: tuple[Shift, ...]) -> None:
        super().__init__(words)
        self.shifts = shifts


async def _asked(request: bytes) -> dict[str, Any]:
    """What the reading process makes of it; it gets none of our environment, and little time."""
    child = await asyncio.create_subprocess_exec(
        *_CHILD, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, cwd=_ROOT, env={}
    )
    try:
        async with asyncio.timeout(_READ_S):
            out, _ = await child.communicate(request)
    except TimeoutError as exc:
        raise ConnectorError(f"reading it takes longer than {_READ_S} s") from exc
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode:
        raise ConnectorError("the process that reads it has failed")
    answer: dict[str, Any] = json.loads(out)
    return answer
