"""What the app needs of Slack, and what each is for; `manifests/slack.yaml` asks for exactly this.

https://docs.slack.dev/reference/scopes
"""

METHODS: dict[str, str] = {
    "assistant.threads.setStatus": "assistant:write",
    "chat.delete": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "conversations.history": "channels:history",
    "conversations.replies": "channels:history",
    "reactions.add": "reactions:write",
    "users.conversations": "im:read",
    "users.info": "users:read",
}
"""The methods that are called, each with its scope; `auth.test` needs none."""

EVENTS: dict[str, str] = {
    "app_mention": "app_mentions:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
}
"""The events that are heard, each with its scope."""

CHECKED: dict[str, str] = {
    "conversations.info": "channels:read",
    "conversations.info of a private channel": "groups:read",
}
"""What `careline check` asks besides."""

CUSTOMIZE = "chat:write.customize"
"""Puts a customer's name over their words."""


def scopes() -> frozenset[str]:
    """Every scope that is needed."""
    return frozenset({*METHODS.values(), *EVENTS.values(), *CHECKED.values(), CUSTOMIZE})
