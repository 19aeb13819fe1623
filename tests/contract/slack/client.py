"""People at the keyboard: what they do in Slack reaches the product by either transport."""

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias
from urllib.parse import urlencode

import aiohttp

from tests.contract.slack import events
from tests.contract.slack.double import SlackDouble

Json: TypeAlias = dict[str, Any]
_RETRIES = 3


class Transport(Protocol):
    """How events come to the product."""

    async def event(self, event: Json, event_id: str | None = None) -> None: ...

    async def interaction(self, payload: Json) -> None: ...

    async def submission(self, payload: Json) -> Json: ...

    async def command(self, fields: Json) -> Json: ...


@dataclass
class ByHttp:
    """Signed requests, again after anything but a yes, three times at most."""

    url: str
    pause_s: float = 0.2

    async def event(self, event: Json, event_id: str | None = None) -> None:
        body = json.dumps(events.envelope(event, event_id)).encode()
        await self._post(body, again=True)

    async def interaction(self, payload: Json) -> None:
        await self._post(events.form(payload), again=False)

    async def submission(self, payload: Json) -> Json:
        return await self._answered(events.form(payload))

    async def command(self, fields: Json) -> Json:
        return await self._answered(urlencode(fields).encode())

    async def _answered(self, body: bytes) -> Json:
        headers = events.signed(body, time.time())  # noqa: TID251  the wall's
        async with (
            aiohttp.ClientSession() as http,
            http.post(self.url, data=body, headers=headers) as answer,
        ):
            assert answer.status == 200
            told: Json = json.loads(await answer.read() or b"{}")
            return told

    async def _post(self, body: bytes, *, again: bool) -> None:
        async with aiohttp.ClientSession() as http:
            for number in range(_RETRIES + 1 if again else 1):
                retried = {"x-slack-retry-num": str(number)} if number else {}
                headers = events.signed(body, time.time()) | retried  # noqa: TID251  the wall's
                if await self._taken(http, body, headers):
                    return
                await asyncio.sleep(self.pause_s)
        raise AssertionError("the product did not take it")

    async def _taken(self, http: aiohttp.ClientSession, body: bytes, headers: Json) -> bool:
        try:
            async with http.post(self.url, data=body, headers=headers) as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False


@dataclass
class BySocket:
    """Envelopes through Socket Mode."""

    slack: SlackDouble

    async def event(self, event: Json, event_id: str | None = None) -> None:
        await self.slack.sockets.deliver(events.envelope(event, event_id))

    async def interaction(self, payload: Json) -> None:
        await self.slack.sockets.deliver(payload, "interactive")

    async def submission(self, payload: Json) -> Json:
        sockets = self.slack.sockets
        return await sockets.answered(await sockets.deliver(payload, "interactive"))

    async def command(self, fields: Json) -> Json:
        sockets = self.slack.sockets
        return await sockets.answered(await sockets.deliver(fields, "slash_commands"))


@dataclass
class Member:
    """One user of the workspace."""

    slack: SlackDouble
    transport: Transport
    user: str

    async def says(
        self,
        text: str,
        channel: str,
        *,
        thread: str | None = None,
        mention: bool = False,
        heard: bool = True,
        files: Sequence[Json] = (),
    ) -> str:
        """Write a message; its time stamp. A mention is told of twice, as Slack does it.

        What is not `heard` was given up by Slack: only its history has it.
        """
        ts = self.slack.next_ts()
        said = events.message(text, user=self.user, channel=channel, ts=ts, thread=thread)
        if files:
            said |= {"files": list(files), "subtype": "file_share"}
        self.slack.written.append(said)
        if not heard:
            return ts
        await self.transport.event(said)
        if mention:
            await self.transport.event({**said, "type": "app_mention"})
        return ts

    async def changes(self, ts: str, text: str) -> None:
        """Edit a message of one's own."""
        said = self._own(ts)
        event = events.changed(said, text, self.slack.next_ts())
        said |= event["message"]
        await self.transport.event(event)

    async def removes(self, ts: str) -> None:
        """Delete a message of one's own."""
        said = self._own(ts)
        self.slack.written.remove(said)
        await self.transport.event(events.deleted(said, self.slack.next_ts()))

    def _own(self, ts: str) -> Json:
        return next(m for m in self.slack.written if (m["ts"], m["user"]) == (ts, self.user))

    async def types(self, text: str) -> str:
        """Type `/careline` and some words; what is answered to them alone."""
        told = await self.transport.command(events.command(text, user=self.user))
        assert told["response_type"] == "ephemeral"
        return str(told["text"])

    async def opens_home(self) -> None:
        """Open the Home tab."""
        room = "D" + self.user[1:]
        await self.transport.event(events.home_opened(self.user, room))

    async def opens_panel(self, channel: str) -> str:
        """Open the assistant panel; the thread that begins."""
        thread = self.slack.next_ts()
        await self.transport.event(events.assistant_started(self.user, channel, thread))
        return thread

    async def rates(self, message: Json, *, useful: bool) -> None:
        """Press a thumb under an answer."""
        element = next(
            b["elements"][0] for b in message["blocks"] if b["type"] == "context_actions"
        )
        chosen = element["positive_button" if useful else "negative_button"]
        thumb = {"type": "feedback_buttons", "action_id": element["action_id"]}
        thumb["value"] = chosen["value"]
        at = self.slack.next_ts()
        await self.transport.interaction(events.press(thumb, message, user=self.user, at=at))

    async def submits(self, view: Json, words: str | None) -> Json:
        """Send a form; the errors that it shows, if any."""
        assert view["to"] == self.user
        payload = events.submitted(
            {k: v for k, v in view.items() if k != "to"}, words, user=self.user
        )
        told = await self.transport.submission(payload)
        errors: Json = told.get("errors", {})
        return errors

    async def presses(self, label: str, message: Json) -> None:
        """Press the button that is called so."""
        found = [b for b in buttons(message) if b["text"]["text"] == label]
        assert found, f"no button {label} in {[b['text']['text'] for b in buttons(message)]}"
        at, trigger = self.slack.next_ts(), self.slack.trigger(self.user)
        pressed = events.press(found[0], message, user=self.user, at=at, trigger=trigger)
        await self.transport.interaction(pressed)


def buttons(message: Json) -> list[Json]:
    """All buttons under a message."""
    rows = [block for block in message.get("blocks") or [] if block["type"] == "actions"]
    return [button for row in rows for button in row["elements"]]


def words(message: Json) -> str:
    """All that a person reads of a message."""
    said = [message.get("text") or ""]
    for block in message.get("blocks") or []:
        said += [block["text"]["text"]] if "text" in block else []
        said += [e["text"] for e in block.get("elements", []) if isinstance(e.get("text"), str)]
    return "\n".join(said)
