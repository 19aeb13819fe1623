"""The channels that the settings connect, each loaded only where it is connected."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from bot.core.front import LineFront
from bot.core.lines import Lines
from bot.domain.message import Address
from bot.domain.ports import Channel
from bot.oncall import open_oncall
from bot.settings import Settings, slack_of, teams_app_of, twilio_of
from bot.storage import Storage
from bot.store.events import last_kept
from channels.callout.channel import Callout, CalloutChannel

PHONES = {"sms": "/twilio/messages", "whatsapp": "/twilio/status"}
"""The channels of a Twilio account, and its webhooks: either takes what is either's."""


_LOOKED_AT = 20
"""Lines back to a customer's last one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extra:
    """A channel beside the built-in ones, with the path of its webhook; None where it has none.

    `pages` are what people open in a browser.
    """

    channel: Channel
    path: str | None
    pages: tuple[web.RouteDef, ...] = ()


def connected(storage: Storage, lines: Lines) -> Sequence[Extra]:
    """Every platform that is set up. Raises `SettingsError` with every fault."""
    return (
        *_callouts(storage.settings),
        *_slack(storage, lines),
        *_twilio(storage, lines),
        *_teams(storage, lines),
    )


def _callouts(settings: Settings) -> Sequence[Extra]:
    """The channel of outside services that call people, where there are any."""
    if not settings.callouts:
        return ()
    known = {
        name: Callout(url=section.url, routing_key=section.routing_key.get_secret_value())
        for name, section in settings.callouts.items()
    }
    channel = CalloutChannel(known, (settings.server.public_url or "").rstrip("/") or None)
    return (Extra(channel=channel, path=None),)


def _slack(storage: Storage, lines: Lines) -> Sequence[Extra]:
    config = slack_of(storage.settings)
    if config is None:
        return ()
    from channels.slack.around import Around  # noqa: PLC0415  costs start-up time
    from channels.slack.channel import SlackChannel  # noqa: PLC0415  costs start-up time
    from channels.slack.installing import Installing  # noqa: PLC0415  costs start-up time

    async def knows(address: Address) -> bool:
        async with storage.store.reading() as reading:
            return await reading.conversations.at(address) is not None

    async def last() -> datetime | None:
        async with storage.database.begin() as connection:
            return await last_kept(connection, storage.database.tables, "slack")

    async def holds(conversation: str, version: int) -> bool:
        async with storage.store.reading() as reading:
            return await reading.feed.holds(conversation, version)

    async def suggested(handoff: str, assist: str) -> str | None:
        async with storage.store.reading() as reading:
            held = await reading.conversations.by_handoff(handoff)
        known = held.handoff.assist if held and held.handoff else None
        if known is None or known.id != assist or known.suggestion is None:
            return None
        return known.suggestion.text

    around = Around(
        staffs=lines.is_staffs,
        knows=knows,
        people=storage.staff.people,
        last=last,
        holds=holds,
        front=_front(storage, lines),
        files=storage.files,
        suggested=suggested,
        installs=storage.installs,
        serves=lines.serves,
    )
    channel = SlackChannel(config, storage.clock, around)
    pages: tuple[web.RouteDef, ...] = ()
    if config.installs():
        pages = Installing(config=config, installs=storage.installs, clock=storage.clock).pages()
    return (Extra(channel=channel, path="/slack/events", pages=pages),)


def _front(storage: Storage, lines: Lines) -> LineFront:
    """What is shown of the lines; a mere door has no other roster, so it has its own."""
    oncall = open_oncall(storage)
    return LineFront(
        lines=lines,
        board=storage.board,
        shelf=storage.shelf,
        oncall=oncall.roster,
        clock=storage.clock,
        fresh=oncall.take_over,
    )


def _twilio(storage: Storage, lines: Lines) -> Sequence[Extra]:
    """Two channels on one account; either understands what comes to either path."""
    config = twilio_of(storage.settings)
    if config is None:
        return ()
    from channels.twilio.around import Around  # noqa: PLC0415  costs start-up time
    from channels.twilio.channel import TwilioChannel  # noqa: PLC0415  costs start-up time
    from channels.twilio.handing import Handing  # noqa: PLC0415  as above

    async def kept_last() -> datetime | None:
        async with storage.database.begin() as connection:
            kept = [await last_kept(connection, storage.database.tables, one) for one in PHONES]
        return max((one for one in kept if one is not None), default=None)

    async def said_last(address: Address) -> str | None:
        async with storage.store.reading() as reading:
            undone = await reading.events.burst(reading.room(address))
            if undone:
                return undone[-1].event.message_id
            held = await reading.conversations.at(address)
            said = await reading.transcript.read(held.id, limit=_LOOKED_AT) if held else ()
        keys = [entry.key for entry in said if entry.author == "customer"]
        return keys[-1].partition(":")[2] if keys else None  # an event's key ends in the SID

    handing = Handing(
        files=storage.files,
        clock=storage.clock,
        secret=storage.database.keyring.derive("links to files"),
        public_url=config.public_url,
    )
    around = Around(
        serves=lines.serves,
        said_last=said_last,
        files=storage.files,
        link=handing.link,
        kept_last=kept_last,
    )
    return [
        Extra(
            channel=TwilioChannel(name, config, storage.clock, around),
            path=path,
            pages=handing.pages() if name == "sms" else (),
        )
        for name, path in PHONES.items()
    ]


def _teams(storage: Storage, lines: Lines) -> Sequence[Extra]:
    """Microsoft Teams, where an app is set up."""
    config = teams_app_of(storage.settings)
    if config is None:
        return ()
    from channels.teams.channel import PATH, StaffRooms, TeamsChannel  # noqa: PLC0415  half a second

    staff = StaffRooms(is_staffs=lines.is_staffs, people=storage.staff.people)
    prompts = _front(storage, lines).prompts
    channel = TeamsChannel(config, storage.store, storage.clock, staff, prompts)
    return (Extra(channel=channel, path=PATH),)
