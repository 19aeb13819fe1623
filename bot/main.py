"""The composition root: it knows every part, and opens and closes them in order."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from aiohttp.web import RouteDef

from bot.connectors.oncall.refreshing import Refresher
from bot.core.accept import Foresee, reading_ahead
from bot.core.amending import Amending
from bot.core.assist import Assisting, Dismissing
from bot.core.clockwork import Clockwork
from bot.core.commit import Commit
from bot.core.composing import Composing
from bot.core.delivery import Delivery
from bot.core.filing import Filing
from bot.core.ladder import Climb
from bot.core.learning import Learning
from bot.core.lines import Lines
from bot.core.middleware import compose
from bot.core.presence import Presence
from bot.core.press import PressLane
from bot.core.process import Process
from bot.core.relay import Relay
from bot.core.routes import build_router
from bot.core.rules.book import Judged, RuleBook
from bot.core.rules.calling import Judge, unheard
from bot.core.rules.section import rules_of, tags_of
from bot.core.typing_signs import TypingSigns
from bot.core.verdicts import Verdicts
from bot.domain.ports import Channel, Reader, Writer
from bot.oncall import open_oncall
from bot.platforms import Extra, connected
from bot.settings import Settings, lines_of, writer_of
from bot.storage import Storage
from bot.telemetry.metrics import Metrics
from bot.work.tasks import register
from bot.writer.apart import writing_apart
from channels.web.channel import WebChannel
from channels.web.signature import VisitorTokens
from knowledge.encoder import Encoder
from knowledge.library import ChromaLibrary
from knowledge.readings import EncoderReader


@dataclass(frozen=True, slots=True, kw_only=True)
class Mind:
    """What a process that works has and a mere door has not."""

    library: ChromaLibrary
    reader: EncoderReader
    process: Process
    foresee: Foresee
    clockwork: Clockwork
    oncall: Refresher
    learning: Learning
    composes: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """The product, put together and not yet running; a door alone has no mind."""

    storage: Storage
    lines: Lines
    metrics: Metrics
    web: WebChannel
    channels: Mapping[str, Channel]
    hooks: Mapping[str, Channel]
    pages: Sequence[RouteDef]
    press: PressLane
    amending: Amending
    dismissing: Dismissing
    verdicts: Verdicts
    typing: TypingSigns
    presence: Presence
    filing: Filing
    mind: Mind | None


def encoder_folder(settings: Settings) -> Path:
    """Where the exported encoder lives."""
    return settings.knowledge.encoder or settings.data / "encoder"


@asynccontextmanager
async def build(
    storage: Storage,
    *,
    thinks: bool = True,
    writer: Writer | None = None,
    extras: Sequence[Extra] = (),
) -> AsyncIterator[App]:
    """Put the product together over its storage; `thinks` when this process does the work."""
    store, clock = storage.store, storage.clock
    lines = Lines(lines_of(storage.settings))
    lines.switch(await storage.modes.all())
    tokens = VisitorTokens(storage.database.keyring.derive("web visitors"))
    web = WebChannel(store, clock, tokens)
    channels: dict[str, Channel] = {web.name: web}
    extras = (*connected(storage, lines), *extras)
    channels |= {extra.channel.name: extra.channel for extra in extras}
    metrics = Metrics()
    commit = Commit(channels, metrics.delivered)
    press = PressLane(store, commit, clock, lines)
    amending = Amending(store, commit, clock)
    presence = Presence(store, channels, storage.notices, clock)
    relay = Relay(
        store=store,
        commit=commit,
        clock=clock,
        lines=lines,
        staff=storage.staff,
        press=press,
        files=storage.files,
        amending=amending,
    )
    async with AsyncExitStack() as stack:
        for channel in channels.values():
            stack.push_async_callback(channel.close)
        mind = None
        if thinks:
            made = _mind(storage, lines, metrics, relay, writer)
            mind = await stack.enter_async_context(made)
        yield App(
            storage=storage,
            lines=lines,
            metrics=metrics,
            web=web,
            channels=channels,
            pages=[page for extra in extras for page in extra.pages],
            hooks={extra.path: extra.channel for extra in extras if extra.path is not None},
            press=press,
            amending=amending,
            dismissing=Dismissing(store),
            verdicts=Verdicts(relay),
            typing=TypingSigns(store=store, lines=lines, staff=storage.staff, presence=presence),
            filing=Filing(store, commit, clock, storage.files),
            presence=presence,
            mind=mind,
        )


@asynccontextmanager
async def _mind(
    storage: Storage,
    lines: Lines,
    metrics: Metrics,
    relay: Relay,
    writer: Writer | None,
) -> AsyncIterator[Mind]:
    """Encoder, library, handlers; the engine is given its tasks."""
    commit = relay.commit
    settings, clock, store = storage.settings, storage.clock, storage.store
    config = writer_of(settings) if writer is None else None
    async with (
        writing_apart(config, metrics.writer_there) as apart,  # it starts while the library opens
        open_library(storage) as (library, reader),
    ):
        if apart is not None:
            await apart.ready()
        writer = writer or apart
        sure, composes = settings.writer.sure(), writer is not None
        judge = judge_of(settings, reader, lines, metrics.judged)
        router = build_router(library, judge, composes=composes, sure=sure)
        assisting = Assisting(library, lines, storage.staff, commit.channels)
        process = Process(
            store=store,
            commit=commit,
            clock=clock,
            reader=reader,
            lines=lines,
            route=compose((metrics.observe, assisting), router),
            max_tries=settings.work.max_tries,
            relay=relay,
        )
        delivery = Delivery(
            store,
            clock,
            commit.channels,
            commit.delivered,
            charged=metrics.charged,
            title=lines.title,
        )
        composing = _composing(storage, lines, library, commit.channels, writer, metrics)
        register(storage.engine, process, delivery, composing)
        oncall = open_oncall(storage, metrics)
        await oncall.take_over()
        climb = Climb(oncall.roster, commit.channels, settings.oncall.sms_from())
        yield Mind(
            library=library,
            reader=reader,
            process=process,
            foresee=reading_ahead(reader, lines),
            clockwork=Clockwork(store, commit, clock, lines, climb),
            oncall=oncall,
            learning=Learning(storage.proposals, storage.board, library, reader, lines, clock),
            composes=composes,
        )


def judge_of(settings: Settings, reader: Reader, lines: Lines, told: Judged = unheard) -> Judge:
    """The rules in force, with what they look at. Raises `SettingsError`."""
    book = RuleBook(rules_of(settings.rules, settings.lines))
    tags = tags_of(settings.contacts)
    return Judge(book=book, reader=reader, lines=lines, tags=tags, told=told)


def _composing(
    storage: Storage,
    lines: Lines,
    library: ChromaLibrary,
    channels: Mapping[str, Channel],
    writer: Writer | None,
    metrics: Metrics,
) -> Composing:
    settings = storage.settings
    return Composing(
        store=storage.store,
        clock=storage.clock,
        library=library,
        writer=writer,
        lines=lines,
        channels=channels,
        budget=timedelta(seconds=settings.work.compose_seconds),
        allowance=settings.writer.allowance(),
        told=metrics.composed,
    )


@asynccontextmanager
async def open_library(storage: Storage) -> AsyncIterator[tuple[ChromaLibrary, EncoderReader]]:
    """The library and the reader, each on a thread of its own."""
    settings = storage.settings
    search = ThreadPoolExecutor(1, "search")
    with ThreadPoolExecutor(1, "encoder") as thread:
        encoder = await asyncio.to_thread(
            Encoder.open, encoder_folder(settings), threads=settings.knowledge.threads
        )
        library = ChromaLibrary(
            storage.shelf,
            settings.data / "index",
            encoder.fingerprint,
            search,
            url=settings.knowledge.chroma_url,
            knows=encoder.knows,
        )
        try:
            await library.open()
            yield library, EncoderReader.multilingual(encoder, thread)
        finally:
            # A search that hangs in a server ends by itself; the loop must not wait for it.
            search.shutdown(wait=False, cancel_futures=True)
            await library.close()
