"""Passwords, as slow to check as they should be, and never on the event loop."""

import asyncio
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_AT_ONCE = 2
"""Checks at once: each takes 64 MB and a core."""


class Passwords:
    """Argon2id, with the same work for people who do not exist."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turn = asyncio.Semaphore(_AT_ONCE)
        self._nobodys: str | None = None

    async def hash(self, password: str) -> str:
        async with self._turn:
            return await asyncio.to_thread(self._hasher.hash, _bytes(password))

    async def fits(self, kept: str | None, password: str | None) -> bool:
        """Whether it is the password; without one to compare, the same work for nothing."""
        if self._nobodys is None:
            self._nobodys = await self.hash(secrets.token_hex())
        async with self._turn:
            right = await asyncio.to_thread(self._check, kept or self._nobodys, password or "")
        return right and kept is not None and password is not None

    def _check(self, kept: str, password: str) -> bool:
        try:
            return self._hasher.verify(kept, _bytes(password))
        except (VerificationError, InvalidHashError):
            return False


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")  # whatever was typed, it only has to differ
