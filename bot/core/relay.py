"""The staff thread's side of a talk: whose words there go to the customer, and whose stay.

A thread's events are worked on like any others: each is decided and committed once, with the mark
that it is done. Nothing a stranger, a bystander or an edit does ever reaches a customer.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.core import staff_words as words
from bot.core.amending import RECALL, Amending
from bot.core.commit import Commit
from bot.core.filters import pressed_in
from bot.core.lines import Lines
from bot.core.press import PressLane
from bot.core.relaying import LONGEST, Scene, note_key, passed_on, relay_key
from bot.core.typing_signs import person_at
from bot.domain.buttons import NOTE_MARK, act_of, button
from bot.domain.contact import Person
from bot.domain.conversation import Conversation, Entry, Outcome, as_they_stand
from bot.domain.desk import StaffBook
from bot.domain.errors import BadRequest, TransitionRefused
from bot.domain.files import Files, kept_id
from bot.domain.forms import Form, form_of
from bot.domain.message import Address, Choices, Inbound, Media, Outbound, Part, Text
from bot.domain.ports import Clock, Store, StoredEvent, Transaction
from bot.domain.transitions import Act


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """Works on what is written and pressed in staff rooms."""

    store: Store
    commit: Commit
    clock: Clock
    lines: Lines
    staff: StaffBook
    press: PressLane
    amending: Amending
    files: Files

    def takes(self, event: Inbound) -> bool:
        """Whether an event is staff's: it comes from a staff room, or presses a card's button."""
        value = pressed_in(event)
        known = bool(value and (act_of(value) or form_of(value)))
        return self.lines.is_staffs(event.address) or known

    async def work(self, stored: StoredEvent) -> bool:
        """Decide and commit one event; whether its room has another."""
        event = await self._with_files(stored.event)
        person = await self.person(event)
        async with self.store.transaction() as transaction:
            more = await transaction.events.done(stored.id)
            held = await transaction.conversations.by_thread(event.address, lock=True)
            value = pressed_in(event)
            pressed = act_of(value) if value else None
            form = form_of(value)
            if form is not None:
                await self._given_words(transaction, event, held, person, form)
            elif pressed is not None:
                await self._pressed(transaction, event, held, person, *pressed)
            elif held is not None:
                await self._written(transaction, self._scene(event, held, person))
        return more

    async def _with_files(self, event: Inbound) -> Inbound:
        """The event, its files given to the customer of the thread: what we keep is for them then.

        Whether they get to see them is decided later; for nobody else is a file found.
        """
        if not any(isinstance(part, Media) and kept_id(part) for part in event.parts):
            return event
        async with self.store.reading() as reading:
            held = await reading.conversations.by_thread(event.address)
        if held is None:
            return event
        parts = [await self._given(part, held.address) for part in event.parts]
        return replace(event, parts=tuple(parts))

    async def _given(self, part: Part, to: Address) -> Part:
        file = kept_id(part) if isinstance(part, Media) else None
        return part if file is None else await self.files.share(file, to) or part

    async def failed(self, transaction: Transaction, event: Inbound) -> None:
        """What could not be worked on is set aside: its writer is told."""
        held = await transaction.conversations.by_thread(event.address)
        if held is not None:
            scene = self._scene(event, held, await self.person(event))
            await self.commit.post(transaction, held.id, scene.hint(words.FAILED))

    async def person(self, event: Inbound) -> Person | None:
        """Who of staff has this address."""
        return person_at(event.address, event.sender.handle, await self.staff.people())

    def _scene(self, event: Inbound, held: Conversation, person: Person | None) -> Scene:
        there = self.commit.channels.get(event.address.channel)
        return Scene(
            event=event,
            held=held,
            person=person if person is not None and person.may_handle(held.line) else None,
            can=self.amending.abilities(held),
            private=there is not None and there.abilities.private,
            now=self.clock.now(),
        )

    async def _pressed(
        self,
        transaction: Transaction,
        event: Inbound,
        held: Conversation | None,
        person: Person | None,
        act: Act,
        handoff: str,
    ) -> None:
        """A button of a card: the verdict is told to whoever pressed it."""
        held = await transaction.conversations.by_handoff(handoff, lock=True) or held
        if held is None:
            return  # neither the hand-off nor the thread is known: there is nothing to tell of
        scene = self._scene(event, held, person)
        try:
            if scene.person is None:
                told = scene.hint(words.STRANGER)
            else:
                await self.press.act_in(transaction, handoff, act, scene.person)
                told = scene.hint(words.DONE.get(act, words.YOURS))
        except TransitionRefused as refused:
            taken = refused.code in ("taken", "not_yours")
            more = (Choices(options=(button("take_over", handoff),)),) if taken else ()
            told = scene.hint(words.refusal(refused), *more)
        await self.commit.post(transaction, held.id, told)

    async def _given_words(
        self,
        transaction: Transaction,
        event: Inbound,
        held: Conversation | None,
        person: Person | None,
        form: Form,
    ) -> None:
        """Words given with a button; they show in the thread, where they were not written."""
        held = await transaction.conversations.by_handoff(form.handoff, lock=True) or held
        if held is None:
            return
        scene = self._scene(event, held, person)
        try:
            told = await self._taken(transaction, scene, held, form)
        except TransitionRefused as refused:
            told = scene.hint(words.returned(words.refusal(refused), event.text()))
        except BadRequest as exc:
            told = scene.hint(words.returned(str(exc), event.text()))
        await self.commit.post(transaction, held.id, told)

    async def _taken(
        self, transaction: Transaction, scene: Scene, held: Conversation, form: Form
    ) -> Sequence[Outbound]:
        by, text, key = scene.person, scene.event.text(), scene.event.key
        if by is None:
            return scene.hint(words.STRANGER)
        if form.kind in ("edit", "note"):
            return scene.hint(words.NO_FORM)
        if form.kind == "keep":
            await self.press.note_in(transaction, form.handoff, by, text, key, told=True)
            return ()
        if form.kind == "send":
            known = held.handoff.assist if held.handoff else None
            if known is None or known.id != form.assist or known.suggestion is None:
                return scene.hint(words.NEWER)
            text = known.suggestion.text
        await self.press.reply_in(transaction, form.handoff, by, text, key)
        return ()

    async def _written(self, transaction: Transaction, scene: Scene) -> None:
        kind = scene.event.kind
        if kind == "message":
            outcome = passed_on(scene)
            changed = bool(outcome.notes) or any(r.author == "staff" for r in outcome.say)
            await self.commit.store(transaction, outcome, now=scene.now, changed=changed)
        elif kind in ("edited", "deleted") and scene.person is not None:
            told = await self._changed(transaction, scene, scene.person)
            await self.commit.post(transaction, scene.held.id, told)

    async def _changed(
        self, transaction: Transaction, scene: Scene, person: Person
    ) -> Sequence[Outbound]:
        """A message of the thread was edited or deleted: what it was decides what follows."""
        held, of = scene.held, scene.event.changes or ""
        said = as_they_stand(await transaction.transcript.read(held.id, limit=RECALL))
        keys = (relay_key(held, person, of), note_key(held, person, of))
        line = next((one for one in said if one.key in keys), None)
        if line is None:
            told = scene.event.kind == "edited" and scene.owns()
            return scene.hint(words.NEVER_SENT) if told else ()
        if line.kind == "note":
            return await self._note_changed(transaction, scene, person, line)
        try:
            return await self._relayed_changed(transaction, scene, person, line)
        except BadRequest as exc:
            return scene.hint(str(exc))

    async def _note_changed(
        self, transaction: Transaction, scene: Scene, person: Person, line: Entry
    ) -> Sequence[Outbound]:
        """A note stays a note, whatever it says now."""
        text = scene.event.text().strip()
        kept = text.removeprefix(NOTE_MARK).strip()[:LONGEST]
        deleted = scene.event.kind == "deleted" or not kept
        change = Entry(
            key=note_key(scene.held, person, scene.event.key),
            kind="note",
            author="staff",
            parts=() if deleted else (Text(text=kept),),
            at=scene.now,
            name=person.name,
            replaces=line.key,
        )
        outcome = Outcome(conversation=scene.held, notes=(change,))
        await self.commit.store(transaction, outcome, now=scene.now)
        sends = not deleted and scene.owns() and not text.startswith(NOTE_MARK)
        return scene.hint(words.STAYS_A_NOTE) if sends else ()

    async def _relayed_changed(
        self, transaction: Transaction, scene: Scene, person: Person, line: Entry
    ) -> Sequence[Outbound]:
        """What the customer has already. Raises `BadRequest`."""
        key, text = scene.event.key, scene.event.text().strip()
        if scene.event.kind == "deleted":
            await self.amending.delete(transaction, scene.held, person, line.key, key)
            return ()
        if not scene.owns():
            return scene.hint(words.NO_LONGER_YOURS)
        if not text or text.startswith(NOTE_MARK):
            return scene.hint(words.SENT_ALREADY)
        if len(text) > LONGEST:
            return scene.hint(words.TOO_LONG.format(count=len(text), most=LONGEST))
        how = await self.amending.edit(transaction, scene.held, person, line.key, text, key)
        return scene.hint(words.CORRECTED) if how == "corrected" else ()
