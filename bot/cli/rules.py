"""`careline rules`: which rules are in force, and which would fire on a dialogue, and why."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Annotated

import typer

from bot.cli.context import fail, run, settings_of
from bot.cli.first_run import prepare
from bot.core.lines import Lines
from bot.core.router import Router
from bot.core.routes import build_router
from bot.core.rules.book import RuleBook
from bot.core.rules.explaining import Explained, explained
from bot.core.rules.section import rules_of
from bot.core.speech import heard, spoken
from bot.domain.conversation import Conversation, Entry, Outcome, Turn
from bot.domain.errors import SettingsError
from bot.domain.message import Address, Inbound, Sender, Text
from bot.domain.ports import Reader
from bot.domain.rules import Judgement
from bot.main import judge_of, open_library
from bot.settings import Settings, lines_of
from bot.storage import open_storage

app = typer.Typer(help="Rules that call a person.", no_args_is_help=True)
_NOON = datetime(2000, 1, 1, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What one message came to."""

    message: str
    decision: str
    rules: tuple[Explained, ...]


@app.command("list", help="Show the rules in force, in their order.")
def list_rules(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    settings = settings_of(context)
    for rule, moment in RuleBook(rules_of(settings.rules, settings.lines)).all():
        if as_json:
            typer.echo(json.dumps({**asdict(rule), "moment": moment}, ensure_ascii=False))
            continue
        lines = f"   lines {', '.join(rule.lines)}" if rule.lines else ""
        led = "   human-led" if rule.human_led else "   answer first" if rule.waits else ""
        typer.echo(f"{rule.name:<22} {rule.priority:<7} {moment:<7} {rule.when}{led}{lines}")


@app.command("test", help="Show which rules a dialogue would fire, message by message, and why.")
def try_rules(
    context: typer.Context,
    messages: Annotated[list[str], typer.Argument(help="What the customer writes, in order.")],
    line: Annotated[str | None, typer.Option(help="The line that is written to.")] = None,
    contact: Annotated[str, typer.Option(help="The handle of whoever writes.")] = "test",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a message.")] = False,
) -> None:
    settings = settings_of(context)
    name = line or settings.chat.line or next(iter(settings.lines))
    if name not in settings.lines:
        fail(SettingsError([f"--line: there is no line {name}"]))
    for seen in run(partial(_dialogue, settings, name, messages, contact)):
        if as_json:
            typer.echo(json.dumps(_told(seen), ensure_ascii=False))
        else:
            _show(seen)


async def _dialogue(
    settings: Settings, line: str, messages: Sequence[str], contact: str
) -> list[_Seen]:
    lines = Lines(replace(one, mode="on") for one in lines_of(settings))
    judged: list[Judgement] = []
    async with open_storage(settings) as storage:
        await prepare(storage)
        async with open_library(storage) as (library, reader):
            judge = judge_of(settings, reader, lines, judged.append)
            talk = _Talk(build_router(library, judge, composes=False), reader, lines, line, contact)
            seen = []
            for message in messages:
                judged.clear()
                outcome = await talk.say(message)
                # What was judged again once it was decided what to answer, counts as it was then.
                rules = {one.rule: one for every in judged for one in explained(every)}
                seen.append(
                    _Seen(message=message, decision=outcome.decision, rules=tuple(rules.values()))
                )
            return seen


class _Talk:
    """A dialogue that nobody hears: nothing of it is stored or sent."""

    def __init__(
        self, router: Router, reader: Reader, lines: Lines, line: str, contact: str
    ) -> None:
        self._router = router
        self._reader = reader
        self._contact = contact
        address = Address(channel="test", account=line, room="test")
        self._feelings = lines.named(line).feelings
        self._held = Conversation(
            id="test",
            line=line,
            address=address,
            opened_at=_NOON,
            language=lines.named(line).language,
            greeted=True,
        )
        self._history: list[Entry] = []
        self._count = 0

    async def say(self, message: str) -> Outcome:
        self._count += 1
        now = _NOON + timedelta(minutes=self._count)
        event = Inbound(
            key=f"test:{self._count}",
            trace="test",
            address=self._held.address,
            sender=Sender(handle=self._contact),
            parts=(Text(text=message),),
            sent_at=now,
        )
        reading = await self._reader.read(message, feelings=self._feelings)
        history = tuple(self._history)
        turn = Turn(event=event, conversation=self._held, reading=reading, now=now, history=history)
        outcome = await self._router(turn)
        entry = heard(event, now, outcome.decision)
        self._history += [*([entry] if entry else []), *(spoken(row, now) for row in outcome.say)]
        self._held = outcome.conversation
        return outcome


def _told(seen: _Seen) -> dict[str, object]:
    rules = [
        {**asdict(one), "parts": [{"part": part, "holds": holds} for part, holds in one.parts]}
        for one in seen.rules
    ]
    winner = next((one.rule for one in seen.rules if one.wins), None)
    return {
        "message": seen.message,
        "decision": seen.decision,
        "rule": winner,
        "faults": [{"rule": o.rule, "fault": o.fault} for o in seen.rules if o.fault is not None],
        "rules": rules,
    }


def _show(seen: _Seen) -> None:
    typer.echo(f"\n> {seen.message}\n  decision: {seen.decision}")
    for one in sorted(seen.rules, key=lambda rule: (not rule.wins, not rule.fires)):
        _show_rule(one)


def _show_rule(one: Explained) -> None:
    state = "FIRES and wins" if one.wins else "FIRES" if one.fires else "no"
    if one.offered:
        state = "FIRES: answered, and a person offered"
    if one.fault is not None:
        state = f"CANNOT BE DECIDED: {one.fault}"
    values = ", ".join(f"{name} = {_value(value)}" for name, value in one.values.items())
    typer.echo(f"  {one.rule:<22} {one.priority:<7} {one.moment:<7} {state}   {values}")
    false = [part for part, holds in one.parts if holds is False]
    if not one.fires and one.fault is None and len(one.parts) > 1 and false:
        typer.echo(f"  {'':<22} false: {'; '.join(false)}")


def _value(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.2f}"
    return json.dumps(value, ensure_ascii=False)
