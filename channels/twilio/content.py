"""Messages of a fixed shape: templates that WhatsApp approves, and menus with buttons.

https://www.twilio.com/docs/content
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from bot.domain.errors import ChannelError, Refused
from bot.domain.message import Choice, Template
from bot.domain.ports import Clock
from channels.twilio.posting import Content, Filled, TwilioApi

log = logging.getLogger("careline.twilio")
Json: TypeAlias = dict[str, Any]
PREFIX = "careline_"
APPROVED = "approved"
SETUP = "Run careline twilio setup, which makes it and asks WhatsApp to approve it."
_LOOK_AGAIN = timedelta(minutes=1)
_QUICK, _LIST = 3, 10
_TITLE, _ITEM, _ABOUT, _VALUE, _WORDS = 20, 24, 72, 200, 255
"""Characters of a button, a line of a list, what stands under it, an id, and any variable."""


class Contents:
    """What the account has, looked up once; menus that it lacks are made, each shape once.

    Two processes may make the same one: either does.
    """

    def __init__(self, api: TwilioApi, clock: Clock) -> None:
        self._api = api
        self._clock = clock
        self._known: dict[tuple[str, str], Content] = {}
        self._looked_at: datetime | None = None

    async def template(self, part: Template) -> Filled:
        """The template in the part's language, or in English. Raises `Refused` and `TryLater`."""
        name = PREFIX + part.name
        language = part.language.partition("-")[0]
        found = await self._find(name, language)
        if found is None or found.status != APPROVED:
            found = await self._find(name, language, anew=True) or await self._find(name, "en")
        if found is None:
            raise Refused(f"there is no template {name}", remedy=SETUP)
        if found.status != APPROVED:
            raise Refused(
                f"WhatsApp has not approved the template {name} ({found.status})",
                remedy="They can be written to again once they write.",
            )
        return Filled(
            sid=found.sid,
            variables={str(place): value for place, value in enumerate(part.values, 1)},
        )

    async def menu(self, words: str, options: Sequence[Choice]) -> Filled | None:
        """Words with buttons, or with a list; None where they do not fit, or it cannot be made."""
        shape = _shape(words, options)
        if shape is None:
            return None
        try:
            found = await self._find(shape, "en")
            sid = found.sid if found is not None else await self._make(shape, len(options))
        except ChannelError as exc:
            log.warning("twilio_no_menu", extra={"error": type(exc).__name__})
            return None
        return Filled(sid=sid, variables=_filled(shape, words, options))

    async def _find(self, name: str, language: str, *, anew: bool = False) -> Content | None:
        now = self._clock.now()
        old = self._looked_at is None or now - self._looked_at > _LOOK_AGAIN
        if old and (anew or (name, language) not in self._known):
            self._known = {(one.name, one.language): one for one in await self._api.contents()}
            self._looked_at = now
        return self._known.get((name, language))

    async def _make(self, shape: str, count: int) -> str:
        sid = await self._api.make_content(menu_of(shape, count))
        self._known[shape, "en"] = Content(sid=sid, name=shape, language="en", status="unsubmitted")
        return sid


def _shape(words: str, options: Sequence[Choice]) -> str | None:
    """The name of the menu that these fit in. All words are variables: one for all languages."""
    if not words or not options or len(words) > _WORDS:
        return None
    if any(not one.label or len(one.value) > _VALUE for one in options):
        return None
    longest = max(len(one.label) for one in options)
    if len(options) <= _QUICK and longest <= _TITLE:
        return f"{PREFIX}buttons_{len(options)}"
    if len(options) > _LIST or longest > _ABOUT:
        return None
    return f"{PREFIX}list_{len(options)}" if longest <= _ITEM else f"{PREFIX}lines_{len(options)}"


def _filled(shape: str, words: str, options: Sequence[Choice]) -> dict[str, str]:
    long = shape.startswith(f"{PREFIX}lines_")
    variables = {"words": words}
    for place, one in enumerate(options, 1):
        cut = one.label if len(one.label) <= _ITEM else one.label[: _ITEM - 1].rstrip() + "…"
        variables |= {f"label{place}": cut, f"id{place}": one.value}
        variables |= {f"about{place}": one.label} if long else {}
    return variables


def menu_of(shape: str, count: int) -> Json:
    """A menu as the Content API takes it, with samples in its places."""
    places = range(1, count + 1)
    samples = {"words": "Which of these is it?"}
    samples |= {f"label{n}": f"Option {n}" for n in places} | {
        f"id{n}": f"option{n}" for n in places
    }
    if shape.startswith(f"{PREFIX}buttons_"):
        actions = [{"title": f"{{{{label{n}}}}}", "id": f"{{{{id{n}}}}}"} for n in places]
        kind: Json = {"twilio/quick-reply": {"body": "{{words}}", "actions": actions}}
    else:
        long = shape.startswith(f"{PREFIX}lines_")
        samples |= {f"about{n}": f"All of option {n}" for n in places} if long else {}
        items = [
            {"item": f"{{{{label{n}}}}}", "id": f"{{{{id{n}}}}}"}
            | ({"description": f"{{{{about{n}}}}}"} if long else {})
            for n in places
        ]
        kind = {"twilio/list-picker": {"body": "{{words}}", "button": "…", "items": items}}
    return {"friendly_name": shape, "language": "en", "variables": samples, "types": kind}
