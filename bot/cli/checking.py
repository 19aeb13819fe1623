"""What `careline check` looks at: each check tells its own faults, and none hides another's."""

import asyncio
import errno
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urlsplit

import aiohttp
from sqlalchemy import func, select

from bot.cli.context import sentences
from bot.cli.links import is_loopback, local_host
from bot.connectors.oncall.refreshing import ailing
from bot.domain.errors import CarelineError, KnowledgeError, SettingsError
from bot.main import encoder_folder
from bot.oncall import open_oncall
from bot.settings import (
    Settings,
    calendars_of,
    lines_of,
    slack_of,
    teams_app_of,
    teams_of,
    twilio_of,
    writer_of,
)
from bot.storage import Storage, open_storage
from bot.store.tables import KEPT
from bot.writer.opening import open_writer
from bot.writer.probe import trouble
from knowledge.encoder import Encoder
from knowledge.heads.model import heads_for

T = TypeVar("T")
_PATIENCE = aiohttp.ClientTimeout(total=5)


@dataclass(slots=True)
class Findings:
    """What is wrong, what is unwise, and what kept us from looking at everything."""

    faults: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)


async def look(settings: Settings) -> Findings:
    """Look at everything that can be looked at."""
    found = Findings(warnings=[*public_url(settings), *open_wire(settings), *help_lines(settings)])
    fingerprint = None
    try:
        opened = await asyncio.to_thread(Encoder.open, encoder_folder(settings))
        fingerprint = opened.fingerprint
        found.warnings += heads(fingerprint)
    except KnowledgeError as exc:
        found.faults += sentences(exc)
    try:
        async with open_storage(settings) as storage:
            found.faults += await _stored(storage, fingerprint)
    except CarelineError as exc:
        found.unseen += sentences(exc)
    found.faults += await chroma(settings)
    found.faults += await writer(settings)
    found.faults += await slack(settings)
    found.faults += await twilio(settings)
    found.faults += await teams(settings)
    found.faults += await port(settings)
    return found


def heads(fingerprint: str) -> list[str]:
    """Whether the heads read this encoder's vectors; plain words are heard without them."""
    if heads_for(fingerprint) is not None:
        return []
    return [
        "knowledge.encoder: the heads that read topics and feelings (fraud, anger, …) were trained "
        "with another encoder and are off; only plain requests for a person and plain words of "
        "self-harm are heard: leave the key out, or train them with `python -m "
        "knowledge.heads.train DATA ENCODER`"
    ]


def help_lines(settings: Settings) -> list[str]:
    """Whether there is somebody to name to a customer who speaks of harming themselves."""
    return [
        f"lines.{line.name}.help_line: customers who speak of harming themselves are told no help "
        "line of where they live, only the emergency number and crisis lines in general: set it "
        'to a sentence, as "Call 0800 111 0 111, at any hour."'
        for line in lines_of(settings)
        if line.audience == "customers" and not line.help_line
    ]


async def _stored(storage: Storage, fingerprint: str | None) -> list[str]:
    return [
        *await _keys(storage),
        *await _knowledge(storage, fingerprint),
        *await _staff(storage),
        *await _oncall(storage),
    ]


async def _keys(storage: Storage) -> list[str]:
    """Whether the key ring opens what is stored: a row of each sealed column is tried."""
    for place in KEPT:
        table, name = place.split(".")
        column = storage.database.tables[table].c[name]
        one = select(column).where(column.is_not(None)).limit(1)
        try:
            async with storage.database.begin() as connection:
                (await connection.execute(one)).first()
        except SettingsError as exc:
            return [
                *exc.faults,
                "put the right key ring back (CARELINE_KEYS, or keys.json in the data folder) "
                "before anything is written with this one",
            ]
    return []


async def _knowledge(storage: Storage, fingerprint: str | None) -> list[str]:
    """Whether every line can answer; of another encoder's articles nothing is answered."""
    live = {edition.kb: edition for edition in await storage.shelf.live()}
    faults = []
    for line in lines_of(storage.settings):
        edition = live.get(line.kb)
        if edition is None:
            faults.append(
                f"lines.{line.name}.kb: {line.kb} has no articles yet: "
                f"careline ingest PATH --kb {line.kb}"
            )
        elif fingerprint is not None and edition.fingerprint != fingerprint:
            faults.append(f"{line.kb} was made with another encoder: careline ingest it again")
    return list(dict.fromkeys(faults))


async def _staff(storage: Storage) -> list[str]:
    """Whether somebody can sign in; the embedded database gets its owner from `serve`."""
    if storage.settings.database.url is None:
        return []
    people = select(func.count()).select_from(storage.database.tables["staff"])
    async with storage.database.begin() as connection:
        if (await connection.execute(people)).scalar_one():
            return []
    return ["nobody may sign in at the desk yet: careline staff add LOGIN --name NAME"]


async def _oncall(storage: Storage) -> list[str]:
    """Whether calendars can be read, and everybody the settings call by login is of staff."""
    if not storage.settings.teams:
        return []
    oncall, sources = open_oncall(storage), calendars_of(storage.settings)
    await oncall()
    faults = ailing(sources, await storage.calendars.states())
    teams, now = teams_of(storage.settings), storage.clock.now()
    faults += [
        f"teams.{team.name}.calendars: {name} is nobody of the team: careline staff add --email, "
        "or --alias"
        for team in teams
        for name in oncall.roster.unmatched(team, now)
    ]
    return faults + [
        f"teams.{team.name}: nobody of staff has the login {person}: careline staff add {person}"
        for team in teams
        for person in oncall.roster.strangers(team)
    ]


async def chroma(settings: Settings) -> list[str]:
    """Whether a Chroma server of its own answers; the embedded one is a folder, built at need."""
    url = settings.knowledge.chroma_url
    if url is None or await _status(f"{url.rstrip('/')}/api/v2/heartbeat") is not None:
        return []
    return [f"knowledge.chroma_url: nothing of Chroma answers at {url}: is the server up?"]


async def writer(settings: Settings) -> list[str]:
    """Whether the language model, where one is set up, writes; it is asked one small question."""
    try:
        config = writer_of(settings)
        opened = await asyncio.to_thread(open_writer, config)
    except SettingsError as exc:
        return list(exc.faults)
    if config is None or opened is None:
        return []
    wrong = await trouble(opened, config)
    return [] if wrong is None else [wrong]


def _set_up(of: Callable[[Settings], T | None], settings: Settings) -> tuple[T | None, list[str]]:
    """How a platform is connected, None where it is not, or why it cannot be."""
    try:
        return of(settings), []
    except SettingsError as exc:
        return None, list(exc.faults)


async def slack(settings: Settings) -> list[str]:
    """Whether Slack, where it is connected, takes our token, and has us in the staff channels."""
    config, faults = _set_up(slack_of, settings)
    if config is None:
        return faults
    from channels.slack.checking import trouble as slack_trouble  # noqa: PLC0415  heavy

    rooms = (line.staff_room for line in lines_of(settings))
    theirs = dict.fromkeys(room for room in rooms if room is not None and room.channel == "slack")
    return await slack_trouble(config, tuple(theirs))


async def twilio(settings: Settings) -> list[str]:
    """Whether Twilio, where it is connected, takes our token, and calls us for each number."""
    config, faults = _set_up(twilio_of, settings)
    if config is None:
        return faults
    from channels.twilio.checking import trouble as twilio_trouble  # noqa: PLC0415  heavy

    addresses = [address for line in lines_of(settings) for address in line.addresses]
    return await twilio_trouble(config, addresses)


async def teams(settings: Settings) -> list[str]:
    """Whether Microsoft knows our Teams app, where one is set up, and somebody has its line."""
    config, faults = _set_up(teams_app_of, settings)
    if config is None:
        return faults
    from channels.teams.checking import trouble as teams_trouble  # noqa: PLC0415  heavy

    address = f"teams:{config.tenant_id}"
    lined = any(address in line.addresses for line in lines_of(settings))
    unlined = f'lines.NAME.addresses: no line has "{address}": nobody in Teams would be answered'
    return [*([] if lined else [unlined]), *await teams_trouble(config)]


def open_wire(settings: Settings) -> list[str]:
    """Whether customers' words and the key would reach a model in the open."""
    url = settings.writer.base_url or ""
    if not url.startswith("http://") or is_loopback(urlsplit(url).hostname or ""):
        return []
    return [
        "writer.base_url: customers' words and the key would cross the network unencrypted: "
        "use https://"
    ]


def public_url(settings: Settings) -> list[str]:
    """Whether others' passwords and words cross the network in the open."""
    server = settings.server
    if is_loopback(server.host) or (server.public_url or "").startswith("https://"):
        return []
    return [
        f"server.public_url: {server.host} can be reached from other machines, and passwords and "
        "messages would cross the network unencrypted: put a proxy with TLS in front and name its "
        "https:// address here"
    ]


async def port(settings: Settings) -> list[str]:
    """Whether the door can be opened, or is open already."""
    host, number = settings.server.host, settings.server.port
    try:
        server = await asyncio.get_running_loop().create_server(asyncio.Protocol, host, number)
    except OSError as exc:
        base = f"http://{local_host(host)}:{number}"
        if exc.errno == errno.EADDRINUSE and await _status(f"{base}/healthz") == "ok":
            return []
        return [
            f"server.port: cannot listen on {host}:{number} ({exc.strerror}): stop the other "
            "program or choose another port"
        ]
    server.close()
    return []


async def _status(url: str) -> str | None:
    """What a JSON answer says of its state; None where none comes."""
    try:
        async with aiohttp.ClientSession(timeout=_PATIENCE) as http, http.get(url) as answer:
            told = await answer.json()
            return str(told.get("status", "")) if answer.ok and isinstance(told, dict) else None
    except (aiohttp.ClientError, TimeoutError, ValueError):
        return None
