"""Visitor tokens: who a browser is, proved by a signature alone, so that nothing is stored."""

import base64
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote

from bot.domain.errors import NotAuthentic

VERSION = "v1"
VISITOR_BYTES = 16
SHORTEST_KEY = 16
LONGEST_TOKEN = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """One browser on one line."""

    id: str
    line: str


class VisitorTokens:
    """Issues and checks `v1.<visitor>.<line>.<mac>`.

    The first key signs; older ones still verify, so that a key can be changed without sending
    every visitor away.
    """

    def __init__(self, key: bytes, *older: bytes) -> None:
        if any(len(k) < SHORTEST_KEY for k in (key, *older)):
            raise ValueError(f"a token key has at least {SHORTEST_KEY} bytes")
        self._keys = (key, *older)

    def new(self, line: str) -> tuple[Visitor, str]:
        """A visitor nobody has been before, and the token that proves it."""
        visitor = Visitor(id=secrets.token_urlsafe(VISITOR_BYTES), line=line)
        # A line's name may hold anything; quoted, the token stays plain ASCII for the header.
        head = f"{VERSION}.{visitor.id}.{quote(line, safe='')}"
        return visitor, f"{head}.{_mac(self._keys[0], head)}"

    def verify(self, token: str) -> Visitor:
        """The visitor of a token. Raises `NotAuthentic`."""
        head, _, mac = token.rpartition(".")
        if len(token) > LONGEST_TOKEN or not self._signed(head, mac):
            raise NotAuthentic("The token is not valid.")
        version, visitor, line = head.split(".", 2)
        if version != VERSION:
            raise NotAuthentic("The token is of another version.")
        return Visitor(id=visitor, line=unquote(line))

    def _signed(self, head: str, mac: str) -> bool:
        given = mac.encode("utf-8", "replace")
        return any(hmac.compare_digest(_mac(k, head).encode(), given) for k in self._keys)


def bearer(headers: Mapping[str, str]) -> str:
    """The token of an `Authorization: Bearer` header (RFC 6750). Raises `NotAuthentic`."""
    scheme, _, token = headers.get("authorization", "").strip().partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise NotAuthentic("Send the visitor's token as `Authorization: Bearer <token>`.")
    return token.strip()


def _mac(key: bytes, head: str) -> str:
    digest = hmac.digest(key, head.encode("utf-8", "replace"), "sha256")
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
