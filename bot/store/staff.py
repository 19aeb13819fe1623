"""Staff, and how they sign in: passwords hashed slowly, tokens kept as keyed digests alone."""

import secrets
from datetime import timedelta

from sqlalchemy import delete, literal, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.contact import Person
from bot.domain.desk import Session
from bot.domain.errors import BadRequest, Conflict, NotAuthentic
from bot.domain.ports import Clock
from bot.store.database import Database
from bot.store.passwords import Passwords

SESSION_LASTS = timedelta(hours=12)
_LINK = "link"
_SESSION = "session"


class PostgresStaffBook:
    """Staff in PostgreSQL."""

    def __init__(
        self, database: Database, clock: Clock, passwords: Passwords | None = None
    ) -> None:
        self._database = database
        self._clock = clock
        self._staff = database.tables["staff"]
        self._tokens = database.tables["staff_tokens"]
        self._passwords = passwords or Passwords()

    async def people(self) -> tuple[Person, ...]:
        async with self._database.begin() as connection:
            found = (await connection.execute(select(self._staff.c.body))).scalars().all()
        return tuple(sorted(found, key=lambda person: (person.name, person.id)))

    async def put(self, person: Person, *, password: str | None = None) -> None:
        row = {"email_hash": self._mail(person.email) if person.email else None, "body": person}
        if password is not None:
            row["password"] = await self._passwords.hash(password)
        statement = (
            insert(self._staff)
            .values(id=person.id, **row)
            .on_conflict_do_update(index_elements=["id"], set_=row)
        )
        try:
            async with self._database.begin() as connection:
                await connection.execute(statement)
                if password is not None:  # who knew the earlier one, or has a link, is out
                    await self._forget(connection, person.id)
        except Conflict as exc:
            raise BadRequest("Somebody else has this e-mail address.") from exc

    async def remove(self, person: str) -> None:
        s = self._staff
        async with self._database.begin() as connection:
            # Held first, so that no token can be made for them meanwhile.
            held = select(s.c.id).where(s.c.id == person).with_for_update()
            if (await connection.execute(held)).first() is None:
                raise BadRequest(f"There is nobody called {person}.")
            await self._forget(connection, person)
            await connection.execute(delete(s).where(s.c.id == person))

    async def link(self, person: str, *, valid: timedelta) -> str:
        async with self._database.begin() as connection:
            token = await self._issue(connection, person, _LINK, valid)
        if token is None:
            raise BadRequest(f"There is nobody called {person}.")
        return token

    async def sign_in(
        self, *, token: str | None = None, login: str | None = None, password: str | None = None
    ) -> tuple[str, Session]:
        person = await self._linked(token) if token else await self._known(login, password)
        if person is None:
            raise NotAuthentic("sign-in refused")
        expires_at = self._clock.now() + SESSION_LASTS
        async with self._database.begin() as connection:
            opened = await self._issue(connection, person.id, _SESSION, SESSION_LASTS)
        if opened is None:
            raise NotAuthentic("sign-in refused")
        return opened, Session(person=person, expires_at=expires_at)

    async def session(self, token: str) -> Session | None:
        s, t = self._staff, self._tokens
        held = (t.c.digest == self._digest(_SESSION, token), t.c.expires_at > self._clock.now())
        statement = select(s.c.body, t.c.expires_at).join(t, t.c.staff == s.c.id).where(*held)
        async with self._database.begin() as connection:
            row = (await connection.execute(statement)).first()
        return Session(person=row.body, expires_at=row.expires_at) if row else None

    async def sign_out(self, token: str) -> None:
        held = self._tokens.c.digest == self._digest(_SESSION, token)
        async with self._database.begin() as connection:
            await connection.execute(delete(self._tokens).where(held))

    async def _linked(self, token: str) -> Person | None:
        """The person of a one-time token, which is used up in the same statement."""
        s, t = self._staff, self._tokens
        used = (
            delete(t)
            .where(t.c.digest == self._digest(_LINK, token), t.c.staff == s.c.id)
            .returning(s.c.body, t.c.expires_at)
        )
        async with self._database.begin() as connection:
            row = (await connection.execute(used)).first()
        return row.body if row and row.expires_at > self._clock.now() else None

    async def _known(self, login: str | None, password: str | None) -> Person | None:
        s = self._staff
        # What cannot be printed cannot be a login, and some of it cannot be asked for.
        name = login if login and login.isprintable() else ""
        statement = (
            select(s.c.body, s.c.password)
            .where(or_(s.c.id == name, s.c.email_hash == self._mail(name)))
            .order_by((s.c.id == name).desc())
            .limit(1)
        )
        async with self._database.begin() as connection:
            row = (await connection.execute(statement)).first()
        fits = await self._passwords.fits(row.password if row else None, password)
        return row.body if row and fits else None

    async def _issue(
        self, connection: AsyncConnection, person: str, kind: str, valid: timedelta
    ) -> str | None:
        """A new token, or None when there is no such person. Theirs that are over are swept."""
        s, t = self._staff, self._tokens
        now, token = self._clock.now(), secrets.token_urlsafe(32)
        over = (t.c.staff == person, t.c.expires_at <= now)
        await connection.execute(delete(t).where(*over))
        new = (literal(self._digest(kind, token)), literal(kind), literal(now + valid))
        row = select(s.c.id, *new).where(s.c.id == person)
        columns = ["staff", "digest", "kind", "expires_at"]
        put = insert(t).from_select(columns, row).returning(t.c.staff)
        return token if (await connection.execute(put)).first() else None

    async def _forget(self, connection: AsyncConnection, person: str) -> None:
        """End their sessions, and the links that nobody has used yet."""
        t = self._tokens
        await connection.execute(delete(t).where(t.c.staff == person))

    def _digest(self, kind: str, token: str) -> str:
        return self._database.keyring.digest(f"staff {kind}: {token}")

    def _mail(self, address: str) -> str:
        return self._database.keyring.digest(f"mail: {address.strip().casefold()}")
