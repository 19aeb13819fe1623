"""Bolt in front of what we read: it knows what kind of request it is, and answers Slack's checks.

No listener works: an event is only told apart here, is stored by whoever asked, and then answered.
https://docs.slack.dev/tools/bolt-python/concepts/acknowledge
"""

import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import BadRequest
from bot.domain.ports import Reply

Kind: TypeAlias = Literal["message", "action", "view", "command", "home", "assistant", "gone"]
_HEARD = "careline.heard"
_FAILED = "careline.failed"
_NOT_OURS = 404
EVENTS: dict[str, Kind] = {
    "message": "message",
    "app_mention": "message",
    "app_home_opened": "home",
    "assistant_thread_started": "assistant",
    "app_uninstalled": "gone",
    "tokens_revoked": "gone",
}
"""The types of events that are heard: somebody's words, what is opened, and our end."""
NOT_READ = "This is no event of Slack's that can be read; check the request URL of the app."
_ANYTHING = re.compile(".*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What Bolt says of a request: its kind, None where there is nothing to work on."""

    kind: Kind | None
    body: dict[str, Any]
    reply: Reply


class Hearing:
    """A Bolt app that acknowledges everything and does nothing."""

    def __init__(self) -> None:
        async def authorize() -> AuthorizeResult:
            """Bolt calls nobody here: whose token it is, is told apart by `workspaces`."""
            return AuthorizeResult(enterprise_id=None, team_id=None, bot_token="-")  # noqa: S106

        # Bolt gives the level to its own loggers, that of its app's name among them.
        quiet = logging.getLogger("careline.slack.bolt")
        quiet.setLevel(logging.CRITICAL)  # they would tell of requests in their own words
        self._app = AsyncApp(
            name="careline.slack.bolt",
            logger=quiet,
            client=AsyncWebClient(),
            authorize=authorize,
            process_before_response=True,
            request_verification_enabled=False,  # done before, with our clock
            ignoring_self_events_enabled=False,  # done by `inbound`, with all other bots'
        )
        for event, kind in EVENTS.items():
            self._app.event(event)(_listener(kind))
        self._app.view(_ANYTHING)(_listener("view"))
        self._app.command(_ANYTHING)(_listener("command"))
        self._app.action(_ANYTHING)(_listener("action"))
        self._app.event(_ANYTHING)(_listener(None))
        self._app.error(_remember)

    async def hear(self, request: AsyncBoltRequest) -> Heard:
        """Raises `BadRequest` for what is no event, and what asking who we are raises."""
        try:
            answer = await self._app.async_dispatch(request)
            failed = request.context.get(_FAILED)
            if failed is not None:  # Bolt would answer 500, which by a socket is a yes
                raise failed
        except (AttributeError, KeyError, TypeError, ValueError) as exc:  # not what Slack documents
            raise BadRequest(NOT_READ) from exc
        kind = request.context.get(_HEARD)
        if answer.status == _NOT_OURS:
            raise BadRequest(NOT_READ)
        reply = Reply(
            status=answer.status,
            body=answer.body.encode(),
            content_type=answer.first_headers().get("content-type", "text/plain").split(";")[0],
        )
        return Heard(kind=kind, body=request.body, reply=reply)


async def _remember(error: Exception, context: AsyncBoltContext) -> None:
    context[_FAILED] = error


def _listener(kind: Kind | None) -> Callable[..., Awaitable[None]]:
    async def listen(ack: AsyncAck, context: AsyncBoltContext) -> None:
        context[_HEARD] = kind
        await ack()

    return listen
