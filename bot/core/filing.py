"""A file to the customer, from whoever has their hand-off."""

from bot.core.commit import Commit
from bot.core.deciding import decide, opened, require_owner
from bot.core.quiet import answered
from bot.core.speech import Speaker
from bot.domain.contact import Person
from bot.domain.conversation import Conversation, Outcome
from bot.domain.errors import BadRequest
from bot.domain.files import Files, checked_file
from bot.domain.ports import Clock, Store, Transaction

NO_FILES = "The customer's channel takes no files from here. Write where they find it instead."


class Filing:
    """Keeps the file, then says it as a reply: two short commits, and no lock while it is kept."""

    def __init__(self, store: Store, commit: Commit, clock: Clock, files: Files) -> None:
        self._store = store
        self._commit = commit
        self._clock = clock
        self._files = files

    async def send(self, handoff: str, by: Person, name: str, content: bytes, key: str) -> None:
        """Only the claimer may; the same key is the same file.

        Raises `TransitionRefused`, and `BadRequest` for what is no file to be sent.
        """

        async def allowed(transaction: Transaction) -> Conversation:
            held = await opened(transaction, handoff, by)
            require_owner(held, by)
            channel = self._commit.channels.get(held.address.channel)
            if channel is None or not channel.abilities.files:
                raise BadRequest(NO_FILES)
            return held

        held = await decide(self._store, allowed)
        cause = f"reply:{held.id}:{by.id}:{key}"
        file = checked_file(f"1:{cause}", held.address, name, content)
        await self._files.add(file)

        async def press(transaction: Transaction) -> None:
            held = answered(await allowed(transaction))
            row = Speaker(held, cause=cause, trace=key).parts(
                file.media(), author="staff", name=by.name
            )
            outcome = Outcome(conversation=held, say=(row,))
            await self._commit.store(transaction, outcome, now=self._clock.now())

        await decide(self._store, press)
