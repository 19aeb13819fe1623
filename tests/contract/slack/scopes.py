"""What a token must have been given for each method."""

SCOPES = {
    "chat.postMessage": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.update": "chat:write",
    "chat.delete": "chat:write",
    "reactions.add": "reactions:write",
    "conversations.history": "channels:history",
    "conversations.replies": "channels:history",
    "users.conversations": "im:read",
    "users.info": "users:read",
    "conversations.info": "channels:read",
    "assistant.threads.setStatus": "assistant:write",
    "assistant.threads.setSuggestedPrompts": "assistant:write",
    "assistant.threads.setTitle": "assistant:write",
    "chat.startStream": "chat:write",
    "chat.appendStream": "chat:write",
    "chat.stopStream": "chat:write",
    "conversations.open": "im:write",
    "files.delete": "files:write",
    "files.getUploadURLExternal": "files:write",
    "files.completeUploadExternal": "files:write",
}
ALL = frozenset(
    {
        *SCOPES.values(),
        "app_mentions:read",
        "channels:history",
        "channels:read",
        "chat:write.customize",
        "groups:history",
        "groups:read",
        "im:history",
        "commands",
        "files:read",
        "users:read.email",
    }
)
