"""What the app needs of Slack, and what each is for; `manifests/slack.yaml` asks for exactly this.

https://docs.slack.dev/reference/scopes
"""

METHODS: dict[str, str] = {
    "assistant.threads.setSuggestedPrompts": "assistant:write",
    "assistant.threads.setStatus": "assistant:write",
    "assistant.threads.setTitle": "assistant:write",
    "chat.appendStream": "chat:write",
    "chat.delete": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.postMessage": "chat:write",
    "chat.startStream": "chat:write",
    "chat.stopStream": "chat:write",
    "chat.update": "chat:write",
    "conversations.history": "channels:history",
    "conversations.open": "im:write",
    "conversations.replies": "channels:history",
    "files.completeUploadExternal": "files:write",
    "files.delete": "files:write",
    "files.getUploadURLExternal": "files:write",
    "reactions.add": "reactions:write",
    "users.conversations": "im:read",
    "users.info": "users:read",
}
"""The methods that are called, each with its scope; those of views need none, as `auth.test`."""

EVENTS: dict[str, str] = {
    "app_mention": "app_mentions:read",
    "app_home_opened": "",
    "app_uninstalled": "",
    "assistant_thread_started": "assistant:write",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "tokens_revoked": "",
}
"""The events that are heard, each with its scope; empty where none is needed."""

CHECKED: dict[str, str] = {
    "conversations.info": "channels:read",
    "conversations.info of a private channel": "groups:read",
}
"""What `careline check` asks besides."""

CUSTOMIZE = "chat:write.customize"
"""Puts a customer's name over their words."""

FILES = "files:read"
"""Fetches what people attach."""

COMMANDS = "commands"
"""The slash command."""

EMAIL = "users:read.email"
"""Who an employee is, for what asks for more than a name."""


def scopes() -> frozenset[str]:
    """Every scope that is needed."""
    needed = {*METHODS.values(), *EVENTS.values(), *CHECKED.values()}
    return frozenset({*needed, CUSTOMIZE, COMMANDS, EMAIL, FILES} - {""})
