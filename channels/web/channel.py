"""The web chat as a `Channel`: sends are rows of a feed, typing and drafts pass through it."""

import re
import secrets
from collections.abc import Mapping
from contextlib import suppress

from bot.domain.errors import CarelineError
from bot.domain.message import Address, Outbound, Receipt
from bot.domain.ports import (
    Abilities,
    Clock,
    Draft,
    Progress,
    Received,
    Reply,
    Request,
    Shown,
    Store,
)
from channels.web.errors import mapped_errors
from channels.web.inbound import CHANNEL, LONGEST_TEXT, parse
from channels.web.outbound import Json, dump, render
from channels.web.signature import Visitor, VisitorTokens, bearer

LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}")


class WebChannel:
    """The chat page's channel. Its platform is the feed in our own database."""

    name = CHANNEL
    abilities = Abilities(
        buttons=True,
        files=True,
        edits=True,
        typing=True,
        streaming=True,
        idempotent=True,
        inside=True,
        max_text=LONGEST_TEXT,
    )

    def __init__(self, store: Store, clock: Clock, tokens: VisitorTokens) -> None:
        self._store = store
        self._clock = clock
        self._tokens = tokens

    def welcome(self, line: str) -> tuple[Visitor, str]:
        """A new visitor of a line, and their token."""
        return self._tokens.new(line)

    def visitor(self, headers: Mapping[str, str]) -> Visitor:
        """Who sends these (lower-case) headers. Raises `NotAuthentic`."""
        return self._tokens.verify(bearer(headers))

    async def receive(self, request: Request) -> Received:
        visitor = self.visitor(request.headers)
        locale = LANGUAGE_TAG.match(request.headers.get("accept-language", ""))
        event = parse(
            request.body,
            visitor,
            now=self._clock.now(),
            locale=locale.group() if locale else None,
        )
        return Received(events=(event,), reply=Reply(status=202))

    async def send(self, outbound: Outbound) -> Receipt:
        shown = self.as_shown(outbound)
        with mapped_errors():
            async with self._store.transaction() as tx:
                seq = await tx.feed.add(outbound.address, shown.key, shown.body)
        return Receipt(message_id=str(seq), sent_at=self._clock.now())

    def as_shown(self, outbound: Outbound) -> Shown:
        # The commit that decided this puts it in the feed, and shows that nobody else has moved
        # the conversation: nothing of a person's claim comes in between.
        return Shown(key=outbound.key, body=render(outbound, at=self._clock.now()))

    async def progress(self, address: Address, state: Progress, *, name: str | None = None) -> None:
        body: Json = {"type": "progress", "state": state}
        if name is not None:
            body["name"] = name
        with suppress(CarelineError):
            async with self._store.reading() as tx:
                await tx.feed.signal(address, dump(body))

    async def draft(self, address: Address, *, conversation: str, version: int) -> Draft:
        return WebDraft(self._store, address, conversation=conversation, version=version)

    async def close(self) -> None:
        """Nothing is held open: the store belongs to whoever made it."""


class WebDraft:
    """Sentences that pass to the open streams of a room; what is kept is the final message."""

    def __init__(self, store: Store, address: Address, *, conversation: str, version: int) -> None:
        self._store = store
        self._address = address
        self._conversation = conversation
        self._version = version
        self._id = secrets.token_hex(8)

    async def append(self, sentence: str) -> bool:
        # One transaction: `holds` stays true until the sentence has been announced.
        async with self._store.transaction() as tx:
            held = await tx.feed.holds(self._conversation, self._version)
            body = (
                dump({"type": "draft", "id": self._id, "sentence": sentence})
                if held
                else self._ended(followed=False)
            )
            await tx.feed.signal(self._address, body)
        return held

    async def finish(self) -> None:
        await self._end(followed=True)

    async def abandon(self) -> None:
        await self._end(followed=False)

    async def _end(self, *, followed: bool) -> None:
        # A page takes a draft away by itself in the end, so a lost signal harms nobody.
        with suppress(CarelineError):
            async with self._store.reading() as tx:
                await tx.feed.signal(self._address, self._ended(followed=followed))

    def _ended(self, *, followed: bool) -> bytes:
        return dump({"type": "draft_end", "id": self._id, "followed": followed})
