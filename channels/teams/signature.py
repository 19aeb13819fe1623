"""Who sent this? The bearer token of the connector, checked against its published keys.

https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import aiohttp
import jwt

from bot.domain.errors import NotAuthentic

log = logging.getLogger("careline.teams")

LEEWAY_S = 300
KEEP_S = 24 * 3600
"""How long keys are used before they are fetched again."""
UNKNOWN_S = 10
"""How often at most an unknown key makes us fetch them."""
_PATIENCE = aiohttp.ClientTimeout(total=5)
_LONGEST_TOKEN = 16_384


class Keys:
    """The issuer's published keys, fetched when first needed, and anew for an unknown one.

    Keys that were once fetched serve while their address is away.
    """

    def __init__(
        self,
        metadata_url: str,
        session: Callable[[], aiohttp.ClientSession],
        now: Callable[[], float],
    ) -> None:
        self._metadata_url = metadata_url
        self._session = session
        self._now = now
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched = self._tried = float("-inf")
        self._lock = asyncio.Lock()

    async def find(self, kid: str) -> jwt.PyJWK | None:
        """The key of this id; None where the issuer has no such key, or cannot be asked."""
        if kid not in self._keys or self._wanted(kid):
            async with self._lock:  # many come at once while the first keys are on their way
                if self._wanted(kid):
                    await self._fetch()
        return self._keys.get(kid)

    def known(self) -> bool:
        """Whether any key was ever fetched."""
        return bool(self._keys)

    def _wanted(self, kid: str) -> bool:
        old = self._now() - self._fetched > KEEP_S
        return (old or kid not in self._keys) and self._now() - self._tried > UNKNOWN_S

    async def _fetch(self) -> None:
        self._tried = self._now()
        try:
            metadata = await self._json(self._metadata_url)
            keys = await self._json(str(metadata["jwks_uri"]))
            found = jwt.PyJWKSet.from_dict(keys).keys
        except (aiohttp.ClientError, TimeoutError, OSError) as exc:
            self._tried = float("-inf")  # it may be back at once
            log.warning("teams_keys_away", extra={"error": type(exc).__name__})
        except (ValueError, KeyError, TypeError, AttributeError, jwt.PyJWTError) as exc:
            log.warning("teams_keys_unreadable", extra={"error": type(exc).__name__})
        else:
            self._keys = {key.key_id: key for key in found if key.key_id}
            self._fetched = self._now()

    async def _json(self, url: str) -> dict[str, Any]:
        async with self._session().get(url, timeout=_PATIENCE) as answer:
            answer.raise_for_status()
            found: dict[str, Any] = await answer.json(content_type=None)
            return found


class Gate:
    """Lets in what Microsoft's connector signed for our app, and nothing else."""

    def __init__(self, keys: Keys, *, app_id: str, issuer: str) -> None:
        self._keys = keys
        self._app_id = app_id
        self._issuer = issuer

    async def claims(self, authorization: str) -> dict[str, Any]:
        """What a valid token says. Raises `NotAuthentic` for all else, and never another error."""
        scheme, _, token = authorization.strip().partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or not token or len(token) > _LONGEST_TOKEN:
            raise NotAuthentic("there is no bearer token")
        try:
            head = jwt.get_unverified_header(token)
            kid = head.get("kid")
            if head.get("alg") != "RS256" or not isinstance(kid, str):
                raise NotAuthentic("the token is not signed with a published key")
            # Read first without its signature: a token that is not for us costs no fetch of keys.
            self._decode(token, None)
            key = await self._keys.find(kid)
            if key is None:
                raise NotAuthentic("the key of the token is not known")
            return self._decode(token, key)
        except (jwt.PyJWTError, ValueError, TypeError, KeyError, RecursionError) as exc:
            raise NotAuthentic("the token is not valid") from exc

    def _decode(self, token: str, key: jwt.PyJWK | None) -> dict[str, Any]:
        return jwt.decode(
            token,
            key.key if key is not None else "",
            algorithms=["RS256"],
            audience=self._app_id,
            issuer=self._issuer,
            leeway=LEEWAY_S,
            options={
                "verify_signature": key is not None,
                "require": ["exp", "iss", "aud"],
                "verify_exp": True,
                "verify_nbf": True,
                "verify_aud": True,
                "verify_iss": True,
            },
        )


def check_service(claims: dict[str, Any], service_url: str) -> None:
    """The token was made for the address that we would answer to. Raises `NotAuthentic`."""
    said = claims.get("serviceurl", claims.get("serviceUrl"))
    if not isinstance(said, str) or said.rstrip("/") != service_url.rstrip("/"):
        raise NotAuthentic("the token is for another service address")
