"""An activity as the connector posts it: what we read of it, checked, and nothing else."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from bot.domain.errors import BadRequest


class _Read(BaseModel):
    model_config = ConfigDict(
        extra="ignore", frozen=True, alias_generator=to_camel, populate_by_name=True
    )


class Account(_Read):
    """Somebody, or the bot."""

    id: str
    name: str | None = None
    aad_object_id: str | None = None

    def handle(self) -> str:
        """What staff are known by: the directory's id, which an administrator can look up."""
        return self.aad_object_id or self.id


class Talk(_Read):
    """Where it was said; in a channel the id ends with `;messageid=` and the thread's first."""

    id: str = Field(min_length=1)
    conversation_type: str | None = None
    tenant_id: str | None = None


class Attachment(_Read):
    """A file, a picture, or the message once more as HTML."""

    content_type: str = ""
    content_url: str | None = None
    content: Any = None
    name: str | None = None


class Entity(_Read):
    """What the text speaks of; we look for mentions."""

    type: str = ""
    text: str | None = None
    mentioned: Account | None = None


class Activity(_Read):
    """One thing that happened."""

    type: str
    service_url: str = Field(pattern=r"^https?://")
    conversation: Talk
    id: str | None = None
    timestamp: datetime | None = None
    from_: Account | None = Field(default=None, alias="from")
    recipient: Account | None = None
    text: str | None = None
    text_format: str | None = None
    attachments: tuple[Attachment, ...] | None = None
    entities: tuple[Entity, ...] | None = None
    members_added: tuple[Account, ...] | None = None
    value: Any = None
    name: str | None = None
    action: str | None = None
    reply_to_id: str | None = None
    locale: str | None = None
    local_timezone: str | None = None
    channel_data: dict[str, Any] | None = None

    def tenant(self) -> str | None:
        """The customer's organisation."""
        told = (self.channel_data or {}).get("tenant")
        found = told.get("id") if isinstance(told, dict) else None
        return self.conversation.tenant_id or (found if isinstance(found, str) else None)

    def mentions_bot(self) -> bool:
        """Whether the bot itself is called by name."""
        me = self.recipient.id if self.recipient else None
        return any(e.mentioned is not None and e.mentioned.id == me for e in self.entities or ())


def read(body: bytes) -> Activity:
    """The activity in a body. Raises `BadRequest`."""
    try:
        return Activity.model_validate_json(body)
    except ValidationError as exc:
        first = exc.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(one) for one in first["loc"]) or "the body"
        raise BadRequest(f"This is no activity: {where}: {first['msg']}.") from None
