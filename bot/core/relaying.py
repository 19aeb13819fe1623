"""What becomes of a message in a staff thread: to the customer, a note, or nothing but a hint."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core import staff_words as words
from bot.core.deciding import owner
from bot.core.quiet import answered
from bot.core.speech import Speaker
from bot.domain.buttons import NOTE_MARK, button
from bot.domain.contact import Person
from bot.domain.conversation import Conversation, Entry, Outcome
from bot.domain.files import kept_id
from bot.domain.message import Choices, Inbound, Media, Origin, Outbound, Part, Text
from bot.domain.ports import Abilities

LONGEST = 12_000
"""Characters of one message that go to a customer, and of one note."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Something done in a thread, and what it is about.

    `person` is None for whoever may not handle the line. `can` is what the customer's channel can
    do, `private` whether the staff's can show something to one person alone.
    """

    event: Inbound
    held: Conversation
    person: Person | None
    can: Abilities
    private: bool
    now: datetime

    def current(self) -> bool:
        """Whether the thread is that of the conversation's present hand-off."""
        handoff = self.held.handoff
        return handoff is not None and handoff.staff_thread == self.event.address

    def owns(self) -> bool:
        """Whether the person has the customer now."""
        person = self.person
        return (
            person is not None
            and self.current()
            and self.held.holder == "human"
            and owner(self.held) == person.id
        )

    def hint(self, text: str, *more: Part, key: str | None = None) -> Sequence[Outbound]:
        """Words for whoever did this alone.

        Where that cannot be shown to one person, colleagues may read it too, and strangers are
        told nothing.
        """
        if not self.private and self.person is None:
            return ()
        name = "" if self.private or self.person is None else f"{self.person.name}: "
        return (
            Outbound(
                key=key or f"hint:{self.event.key}",
                address=self.event.address,
                parts=(Text(text=name + text), *more),
                author="system",
                trace=self.event.trace,
                holder_version=self.held.version,
                only_for=self.event.sender.handle if self.private else None,
            ),
        )


def relay_key(held: Conversation, person: Person, message: str) -> str:
    """The key of the words that a message of the thread became; `message` is its event's key."""
    return f"1:relay:{held.id}:{person.id}:{message}"


def note_key(held: Conversation, person: Person, message: str) -> str:
    """The key of the note that a message of the thread became."""
    return f"note:{held.id}:{person.id}:{message}"


def passed_on(scene: Scene) -> Outcome:
    """Only the claimer's words go to the customer, and only those without the note mark."""
    person, text = scene.person, scene.event.text().strip()
    files = tuple(part for part in scene.event.parts if isinstance(part, Media))
    if person is None:
        return _only(scene, scene.hint(words.STRANGER))
    if scene.current() and text.startswith(NOTE_MARK):
        return _note(scene, person, text.removeprefix(NOTE_MARK).strip(), files)
    if not text and not files:
        return _only(scene, ())
    if scene.owns():
        return _to_customer(scene, person, text, files)
    if scene.current() and scene.held.holder == "human":
        return _bystander(scene, person, text, files)
    return _only(scene, _unclaimed(scene))


def _unclaimed(scene: Scene) -> Sequence[Outbound]:
    if not scene.current() or scene.held.holder != "waiting":
        return scene.hint(words.OVER)
    claim = Choices(options=(button("claim", _handoff(scene.held)),))
    return scene.hint(words.CLAIM_FIRST, claim)


def _to_customer(scene: Scene, person: Person, text: str, files: tuple[Media, ...]) -> Outcome:
    refused = _refusal(text)
    if refused is not None:
        return _only(scene, scene.hint(refused))
    hints: Sequence[Outbound] = ()
    left = tuple(one for one in files if not _takes(scene.can, one))
    if left:
        names = ", ".join(one.name for one in left)
        hints = scene.hint(words.NO_FILES.format(names=names))
        files = tuple(one for one in files if one not in left)
    spoken = (Text(text=text),) if text else ()
    if not spoken and not files:
        return _only(scene, hints)
    held, event = answered(scene.held), scene.event
    cause = f"relay:{held.id}:{person.id}:{event.key}"
    speak = Speaker(held, cause=cause, trace=event.trace)
    row = speak.parts(*spoken, *files, author="staff", name=person.name)
    if event.message_id is not None:
        row = replace(row, origin=Origin(address=event.address, message_id=event.message_id))
    return Outcome(conversation=held, say=(row, *hints), decision="relayed")


def _takes(can: Abilities, file: Media) -> bool:
    """Whether a channel can show a file: what we keep has no address that it could follow."""
    return can.files if kept_id(file) is not None else can.media


def _refusal(text: str) -> str | None:
    """Why these words cannot be sent, where that is known before trying."""
    if len(text) > LONGEST:
        return words.TOO_LONG.format(count=len(text), most=LONGEST)
    return None


def _bystander(scene: Scene, person: Person, text: str, files: tuple[Media, ...]) -> Outcome:
    """Somebody else's words are kept, and they are told once that these went nowhere."""
    held = scene.held
    name = held.handoff.claimed_name if held.handoff else None
    told = words.NOT_YOURS.format(owner=name or "Somebody else")
    take_over = Choices(options=(button("take_over", _handoff(held)),))
    once = f"hint:{held.id}:{held.version}:{person.id}"
    kept = _note(scene, person, text, files)
    return replace(kept, say=(*scene.hint(told, take_over, key=once), *kept.say))


def _note(scene: Scene, person: Person, text: str, files: tuple[Media, ...]) -> Outcome:
    if len(text) > LONGEST:
        return _only(scene, scene.hint(words.NOTE_TOO_LONG.format(most=LONGEST)))
    if not text and not files:
        return _only(scene, ())
    entry = Entry(
        key=note_key(scene.held, person, scene.event.key),
        kind="note",
        author="staff",
        parts=(*((Text(text=text),) if text else ()), *files),
        at=scene.now,
        name=person.name,
    )
    return Outcome(conversation=scene.held, notes=(entry,), decision="note")


def _only(scene: Scene, hints: Sequence[Outbound]) -> Outcome:
    return Outcome(conversation=scene.held, say=tuple(hints), decision="kept_internal")


def _handoff(held: Conversation) -> str:
    return held.handoff.id if held.handoff else ""
