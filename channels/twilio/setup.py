"""What Twilio should know of us, what it knows, and the changes in between."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from channels.twilio import account
from channels.twilio.account import Webhooks
from channels.twilio.content import APPROVED
from channels.twilio.inbound import SMS, WHATSAPP
from channels.twilio.posting import TwilioApi
from channels.twilio.section import MESSAGES, STATUS, TwilioConfig

FOLDER = Path(__file__).parents[2] / "manifests" / "twilio"
SANDBOX = "+14155238886"
"""https://www.twilio.com/docs/whatsapp/sandbox"""
IN_SANDBOX = (
    "the WhatsApp sandbox is set by hand: Twilio Console, Messaging, Try it out, Send a WhatsApp "
    "message, Sandbox settings, When a message comes in: {url}"
)
NOT_THERE = (
    "{name}: the account has no such number or service; copy it from the Twilio Console",
    "whatsapp:{name}: the account has no such WhatsApp sender; Twilio Console, Messaging, Senders",
)
Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing to be changed: of what, which field, from what to what. `act` does it."""

    of: str
    field: str
    was: str
    wanted: str
    act: Callable[[], Awaitable[None]]

    def lines(self) -> tuple[str, ...]:
        """As a diff shows it."""
        was = (f"- {self.of}  {self.field}: {self.was}",) if self.was else ()
        return (*was, f"+ {self.of}  {self.field}: {self.wanted}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to change, what is missing and cannot be made from here, and what is still open."""

    changes: tuple[Change, ...]
    faults: tuple[str, ...]
    waiting: tuple[str, ...]


def templates(folder: Path = FOLDER) -> list[Json]:
    """The contents of `manifests/twilio`, one for each language."""
    files = sorted(folder.glob("*.json"))
    return [json.loads(one.read_text(encoding="utf-8")) for one in files]


async def plan(api: TwilioApi, config: TwilioConfig, addresses: Sequence[str]) -> Plan:
    """Look at the account; `addresses` are the lines', as `sms:+1555…`. Raises `ChannelError`."""
    ours = [one.partition(":")[::2] for one in addresses]
    wanted = (
        ({n for channel, n in ours if channel == SMS and n.startswith("+")}, account.numbers),
        ({n for _, n in ours if n.startswith("MG")}, account.services),
        ({n for channel, n in ours if channel == WHATSAPP and n.startswith("+")}, account.senders),
    )
    changes: list[Change] = []
    faults: list[str] = []
    waiting: list[str] = []
    for names, look in wanted:
        known = await look(api) if names else {}
        for name in sorted(names):
            if name in known:
                changes += _moved(name, known[name], config)
            elif look is account.senders and name == SANDBOX:
                waiting.append(IN_SANDBOX.format(url=config.public_url + MESSAGES))
            else:
                faults.append(NOT_THERE[look is account.senders].format(name=name))
    if any(channel == WHATSAPP for channel, _ in ours):
        async for one in _templates(api):
            if isinstance(one, Change):
                changes.append(one)
            else:
                waiting.append(one)
    return Plan(changes=tuple(changes), faults=tuple(faults), waiting=tuple(waiting))


def _moved(name: str, known: Webhooks, config: TwilioConfig) -> list[Change]:
    """Where messages and receipts go that should come to us."""
    messages, status = config.public_url + MESSAGES, config.public_url + STATUS
    wanted = {field: status if "status" in field else messages for field in known.fields}
    changed = {field: url for field, url in wanted.items() if known.fields[field] != url}
    return [
        Change(
            of=name,
            field=field,
            was=known.fields[field],
            wanted=url,
            act=partial(known.put, changed),
        )
        for field, url in changed.items()
    ]


async def _templates(api: TwilioApi) -> AsyncIterator[Change | str]:
    known = {(one.name, one.language): one for one in await api.contents()}
    for content in templates():
        name, language = content["friendly_name"], content["language"]
        found = known.get((name, language))
        of = f"template {name} ({language})"
        if found is None:
            act = partial(_made, api, content)
            yield Change(of=of, field="approval", was="", wanted="asked for", act=act)
        elif found.status == "unsubmitted":
            act = partial(api.submit, found.sid, name)
            yield Change(of=of, field="approval", was="", wanted="asked for", act=act)
        elif found.status != APPROVED:
            yield f"{of}: WhatsApp says {found.status}; Twilio Console, Content Template Builder"


async def _made(api: TwilioApi, content: Json) -> None:
    await api.submit(await api.make_content(content), content["friendly_name"])
