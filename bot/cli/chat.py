"""`careline chat`: the web chat's conversation, in a terminal."""

import asyncio
import json
import secrets
import sys
from contextlib import suppress
from functools import partial
from typing import Annotated

import typer

from bot.cli.context import fail, run, settings_of
from bot.cli.first_run import prepare
from bot.cli.typed import Typed
from bot.core.accept import accept
from bot.domain.errors import SettingsError, Unavailable
from bot.domain.message import Address, Inbound, Part, Pressed, Sender, Text
from bot.domain.ports import Transaction
from bot.main import App, build
from bot.running import Kind, end, living
from bot.settings import Settings
from bot.storage import Storage, open_storage
from bot.store.processes import leave, workers

_LAST_WORDS_S = 5
_LAST_LINES = 20


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(help="Talk to the bot in this terminal.")(chat)


def chat(
    context: typer.Context,
    line: Annotated[str | None, typer.Option(help="The line to talk to.")] = None,
) -> None:
    settings = settings_of(context)
    name = line or settings.chat.line or next(iter(settings.lines))
    if name not in settings.lines:
        fail(SettingsError([f"--line: there is no line {name}"]))
    run(partial(_chat, settings, name))


async def _chat(settings: Settings, line: str) -> None:
    async with open_storage(settings) as storage:
        # Beside a server this is a mere visitor: customers' messages are the server's to answer.
        alone = not await _served(storage)
        if alone:
            await prepare(storage)
        async with build(storage, thinks=alone) as app:
            await _talk(app, "work" if alone else "web", line)


async def _served(storage: Storage) -> bool:
    async with storage.database.begin() as connection:
        return await workers(connection, storage.database.tables) > 0


async def _talk(app: App, kind: Kind, line: str) -> None:
    terminal = Terminal(app, Address(channel="web", account=line, room=secrets.token_urlsafe(16)))
    try:
        async with living(app, kind), asyncio.TaskGroup() as group:
            showing = group.create_task(terminal.show())
            try:
                await terminal.listen(Typed(sys.stdin.fileno()))
            finally:
                await end([showing])
    except asyncio.CancelledError:  # told to stop: `living` has ended, but not said goodbye
        await _leave(app.storage)
        raise


async def _leave(storage: Storage) -> None:
    with suppress(Unavailable):
        async with storage.database.begin() as connection:
            await leave(connection, storage.database.tables, storage.store.me)


class Terminal:
    """One visitor at a keyboard. A number presses the choice with that number."""

    def __init__(self, app: App, room: Address) -> None:
        self._app = app
        self._room = room
        self._choices: list[tuple[str, str]] = []
        self._asked = ""
        self._shown: set[str] = set()
        self._answered = asyncio.Event()
        self._answered.set()

    async def listen(self, typed: Typed) -> None:
        """Send what is typed, line by line, until the end of input or /quit.

        A script's next line waits for the answer to the one before, as a person's would.
        """
        typer.echo("Type a question. /quit leaves.")
        while (line := await typed.line()) is not None:
            words = line.strip()
            if words == "/quit":
                return
            if words:
                await self._try(words)
                if not sys.stdin.isatty():
                    await self._hear()
        await self._hear()

    async def _try(self, words: str) -> None:
        try:
            await self._say(words)
        except Unavailable:
            self._answered.set()
            typer.echo("\n—: The database is away; nothing was sent. Say it again in a moment.")

    async def _hear(self) -> None:
        """Wait for the answer to what was said last, but not for ever: people may be slow."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_LAST_WORDS_S):
                await self._answered.wait()

    async def _say(self, words: str) -> None:
        app = self._app
        part: Part = Text(text=words)
        if words.isdigit() and 0 < int(words) <= len(self._choices):
            label, value = self._choices[int(words) - 1]
            part = Pressed(value=value, label=label)
        key = f"terminal:{self._room.room}:{secrets.token_hex(8)}"
        event = Inbound(
            key=key,
            trace=secrets.token_hex(8),
            address=self._room,
            sender=Sender(handle=self._room.room),
            parts=(part,),
            sent_at=app.storage.clock.now(),
            kind="pressed" if isinstance(part, Pressed) else "message",
        )
        self._asked = key
        self._answered.clear()
        async with app.storage.store.transaction() as transaction:
            await accept(transaction, event)

    async def show(self) -> None:
        """Print what comes, as it comes."""
        seen = 0
        store, notices = self._app.storage.store, self._app.storage.notices
        async with notices.listen(f"room:{self._room.key()}") as news:
            while True:
                with suppress(Unavailable):  # it is read again once the database is back
                    async with store.transaction() as transaction:
                        items = await transaction.feed.read(self._room, after=seen)
                        due = await self._due(transaction)
                    for item in items:
                        seen = item.seq
                        self._print(json.loads(item.body))
                    if due and due <= self._shown:
                        self._answered.set()
                await news.wait(5)

    async def _due(self, transaction: Transaction) -> set[str]:
        """The messages that answer what was said last: several questions get several."""
        held = await transaction.conversations.at(self._room)
        if held is None or self._answered.is_set():
            return set()
        entries = await transaction.transcript.read(held.id, limit=_LAST_LINES)
        own = (one.key for one in entries if one.author != "customer")
        # "1:…" and on; a greeting's key says hello besides
        return {key for key in own if key.partition(":")[2] == self._asked}

    def _print(self, body: dict[str, object]) -> None:
        speaker = body.get("name") or {"bot": "assistant", "system": "—"}.get(str(body["author"]))
        typer.echo(f"\n{speaker or body['author']}: {body.get('text', '')}")
        for source in _dicts(body.get("sources")):
            typer.echo(f"   source: {source['title']} {source.get('url') or ''}")
        offered = _dicts(body.get("choices"))
        if offered:
            self._choices = [(str(c["label"]), str(c["value"])) for c in offered]
            for place, choice in enumerate(offered, 1):
                typer.echo(f"   {place}. {choice['label']}")
        self._shown.add(str(body["key"]))


def _dicts(value: object) -> list[dict[str, object]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
