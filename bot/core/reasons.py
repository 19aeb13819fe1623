"""Why a person is needed, as a sentence for staff."""

_REASONS: dict[str, str] = {
    "asked": "The customer asked for a person.",
    "unknowns": "The bot did not know the answer.",
    "fault": "Something failed while the bot was working on a message.",
    "rule": "A rule of this line calls for a person.",
    "line_off": "The bot is switched off on this line.",
    "line_shadow": "The bot only listens on this line.",
    "line_share": "This conversation is in the share that people answer.",
    "skill": "A task needs a person to finish it.",
}
_SHIPPED: dict[str, str] = {
    "self-harm": "The customer may want to harm themselves.",
    "asks-for-person": "The customer asked for a person.",
    "distress": "The customer sounds distressed.",
    "fraud": "The customer reports fraud.",
    "legal": "The customer speaks of lawyers or of going to court.",
    "rising-anger": "The customer is getting angrier.",
    "vip": "The customer is marked as a VIP.",
    "billing-dispute": "The customer disputes a charge.",
    "privacy-request": "The customer asks about their data.",
    "human-led-topic": "The topic is one that people answer.",
    "failing-skill": "A task has failed more than once.",
    "two-unknowns": "The bot did not know the answer, several times in a row.",
    "rejected-and-unknown": "The customer turned an answer down, and the bot has no other.",
    "harassment": "The customer speaks of harassment.",
    "safety": "The customer speaks of danger.",
}


def why(reason: str, rule: str | None = None) -> str:
    """The sentence for a reason; for a rule what it looks for, or its name where it is your own."""
    if rule is not None:
        return _SHIPPED.get(rule, f"The rule “{rule}” calls for a person.")
    return _REASONS.get(reason, "A person is needed.")
