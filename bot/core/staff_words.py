"""What staff are told in their thread: why words stayed there, and what a press came to."""

from bot.domain.errors import TransitionRefused

STRANGER = (
    "Careline does not know you as staff of this line, so nothing you write here reaches the "
    "customer. Ask whoever runs Careline to add your address to your login: careline staff add"
)
CLAIM_FIRST = "Nobody has this conversation: claim it first, then write that again."
NOT_YOURS = (
    "{owner} has this conversation: only their words go to the customer. Yours are kept as a note."
)
OVER = "Nobody is waiting here any more, so the customer was not sent this."
TOO_LONG = (
    "This has {count:,} characters, and at most {most:,} go to a customer at once. Nothing of it "
    "was sent: write it again in parts, or send it as a file."
)
NOTE_TOO_LONG = (
    "This is over {most:,} characters: too long to be kept as a note on the desk. It stays here."
)
NO_FILES = "The customer's channel takes no files, so they were not sent {names}."
SENT_ALREADY = "The customer has this message already. Delete it to take it back."
STAYS_A_NOTE = "This stays a note. To send it to the customer, write it as a new message."
NEVER_SENT = "The customer was not sent this before, and an edit does not send it. Write it anew."
NO_LONGER_YOURS = (
    "You no longer have this conversation, so the customer still sees what you wrote at first."
)
CORRECTED = (
    "The customer's channel cannot change messages: they were sent your words as a correction."
)
NEWER = "The customer has written again since: that suggestion is no longer offered."
NO_FORM = "The form could not be opened. Press the button again, or write in this thread."
RETURNED = "{why}\n\nNothing was sent or kept of what you wrote:\n{text}"
FAILED = "Something went wrong with this, and the customer was not sent it. Try it again."
YOURS = (
    "You have this conversation. What you write in this thread goes to the customer; begin with "
    "// to keep something here."
)
DONE = {
    "release": "Released: somebody else is called.",
    "hand_back": "Handed back: the bot has the conversation again.",
    "resolve": "Resolved: the conversation is closed.",
}

_SHOWN = 3000

_REFUSALS: dict[str, str] = {
    "taken": "{owner} has this conversation.",
    "not_yours": "{owner} has this conversation. Take it over first.",
    "already_yours": "You have this conversation already.",
    "not_claimed": "Nobody has this conversation yet. Claim it first.",
    "not_waiting": "The bot has this conversation: nobody is waiting for a person.",
    "closed": "This has ended.",
    "unknown": "This has ended, or is not one of your lines.",
}


def refusal(refused: TransitionRefused) -> str:
    """Why an act was refused, naming whoever has the conversation."""
    words = _REFUSALS.get(refused.code, "This is not possible now.")
    return words.format(owner=refused.holder_name or "Somebody else")


def returned(why: str, text: str) -> str:
    """Why words of a form were not taken, and the words: the form is closed, nobody else has them.

    Of very long ones the beginning, so that all of it stays one message.
    """
    said = text.strip()[:_SHOWN]
    return RETURNED.format(why=why, text=said) if said else why
