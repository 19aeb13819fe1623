"""The message catalogue: every fixed sentence the product says, by key and language."""

from typing import Literal, TypeAlias

Key: TypeAlias = Literal[
    "greeting",
    "unknown",
    "choices",
    "none_of_these",
    "talk_to_person",
    "person_offered",
    "handed_over",
    "handed_over_unknowns",
    "handed_over_fault",
    "handed_over_line",
    "still_coming",
    "still_looking",
    "exhausted",
    "cancelled",
    "claimed",
    "taken_over",
    "released",
    "handed_back",
    "resolved",
    "ended",
    "media",
    "hello",
    "what_can_i_do",
    "asks",
    "thanks",
    "bye",
    "fine",
    "unknown_part",
    "unknown_language",
    "other_language",
    "offered_part",
    "cancel_request",
    "end_talk",
    "not_delivered",
    "message_waiting",
    "opted_out",
    "opted_in",
    "correction",
    "rejected",
    "handed_over_self_harm",
    "handed_over_distress",
    "handed_over_anger",
    "handed_over_billing",
    "handed_over_fraud",
    "handed_over_safety",
    "handed_over_legal",
    "handed_over_privacy",
    "handed_over_vip",
    "handed_over_topic",
    "handed_over_skill",
    "help_line",
    "handed_over_closed",
    "calling",
    "calling_next",
    "the_team",
    "somebody_on_call",
    "people_back",
    "meanwhile",
    "ticket_opened",
    "callback_offered",
    "callback_declined",
    "callback_noted",
    "callback_dropped",
    "lapsed",
    "today_at",
    "tomorrow_at",
    "day_at",
    "csat",
    "csat_thanks",
    "csat_sorry",
    "csat_comment",
    "csat_comment_button",
    "csat_no_button",
    "csat_noted",
    "csat_done",
    "csat_over",
]

ENGLISH: dict[Key, str] = {
    "greeting": (
        "Hello! I am the automated assistant of {title}. "
        'If you would rather talk to a person, just say "person" at any time.'
    ),
    "unknown": (
        "I am sorry, I do not know the answer to that. "
        "Could you put it another way, or shall I ask a person?"
    ),
    "choices": "I am not quite sure what you mean. Is it one of these?",
    "none_of_these": "None of these",
    "talk_to_person": "Talk to a person",
    "person_offered": "If you would rather have a person look at this, I can ask one to join.",
    "handed_over": (
        "I have asked a person to join. Somebody usually answers within {wait}. "
        "You can keep writing here; they will see all of it."
    ),
    "handed_over_unknowns": (
        "I am not getting you any further, so I have asked a person to join. Somebody usually "
        "answers within {wait}. You can keep writing here; they will see all of it."
    ),
    "handed_over_fault": (
        "Something went wrong on our side and I could not deal with your message. I have asked a "
        "person to take over; somebody usually answers within {wait}."
    ),
    "handed_over_line": (
        "A person will answer you here, usually within {wait}. You can keep writing; they will "
        "see all of it."
    ),
    "still_coming": "A person is still on the way. Meanwhile, this may help:",
    "still_looking": (
        "Nobody has been free yet, and I am sorry for the wait. Your request is still open."
    ),
    "exhausted": (
        "Nobody could join, and I am sorry about that. I have stopped asking for now. Write here "
        'again at any time, or say "person" and I will ask once more.'
    ),
    "cancelled": "All right, I have taken back the request for a person. What can I do for you?",
    "claimed": "{name} has joined and will talk to you now.",
    "taken_over": "{name} has joined and will go on from here.",
    "released": "You will be passed on to somebody else, who will be with you as soon as possible.",
    "handed_back": "{name} has left. You are talking to the automated assistant again.",
    "resolved": "{name} has closed this request. Write again whenever you need us.",
    "ended": "You have ended the conversation with {name}. Write again whenever you need us.",
    "media": "I cannot read files yet. Could you write it in words, or shall I ask a person?",
    "hello": "Hello! What can I do for you?",
    "what_can_i_do": "What can I do for you?",
    "asks": "Of course. What is it about?",
    "thanks": "You are welcome! Is there anything else I can do for you?",
    "bye": "Goodbye, and take care. Write again whenever you need us.",
    "fine": "Good. I am here if you need anything else.",
    "unknown_part": (
        'I am sorry, I do not know the answer to this part: "{part}" '
        "Could you put it another way, or shall I ask a person?"
    ),
    "unknown_language": (
        "I am sorry, I do not know the answer to that, and I understand {tongue} best. "
        "Could you write it in {tongue}, or shall I ask a person?"
    ),
    "other_language": "I have this in {tongue} only:",
    "offered_part": 'About "{part}": is it one of these?',
    "cancel_request": "I no longer need a person",
    "end_talk": "End this conversation",
    "rejected": (
        "I am sorry that this was not what you asked. "
        "Could you put it another way, or shall I ask a person?"
    ),
    "handed_over_self_harm": (
        "I am glad that you told us, and I am very sorry that it is so hard right now. You do not "
        "have to go through this alone. {help_line} I have also asked a person here to join; "
        "somebody usually answers within {wait}."
    ),
    "handed_over_distress": (
        "I am sorry that this weighs on you. A person should look after it, so I have asked one to "
        "join. Somebody usually answers within {wait}. You can keep writing here; they will see "
        "all of it."
    ),
    "handed_over_anger": (
        "I am sorry that this has been so frustrating. I have asked a person to take over. "
        "Somebody usually answers within {wait}, and they will see all that you wrote."
    ),
    "handed_over_billing": (
        "A charge that is not right should be looked at by a person, so I have asked one to join. "
        "Somebody usually answers within {wait}. You can keep writing here; they will see all of "
        "it."
    ),
    "handed_over_fraud": (
        "Thank you for telling us. I have asked a person to look at this before everything else; "
        "somebody usually answers within {wait}. Until then, please do not write passwords, PINs "
        "or full card numbers here."
    ),
    "handed_over_safety": (
        "Thank you for telling us. If anybody is in danger now, please call your local emergency "
        "number first. I have asked a person to look at this before everything else; somebody "
        "usually answers within {wait}."
    ),
    "handed_over_legal": (
        "I have passed this on to a person who can answer you properly. Somebody usually answers "
        "within {wait}. You can keep writing here; they will see all of it."
    ),
    "handed_over_privacy": (
        "Requests about your personal data are dealt with by a person, and I have asked one to "
        "join. Somebody usually answers within {wait}. You can keep writing here; they will see "
        "all of it."
    ),
    "handed_over_vip": (
        "Good that you write. I have asked a person to look after you; somebody usually answers "
        "within {wait}. You can keep writing here; they will see all of it."
    ),
    "handed_over_topic": (
        "This is something that a person answers, so I have asked one to join. Somebody usually "
        "answers within {wait}. You can keep writing here; they will see all of it."
    ),
    "handed_over_skill": (
        "I could not finish this for you, and I am sorry. I have asked a person to do it. Somebody "
        "usually answers within {wait}, and they will see what we have so far."
    ),
    "help_line": (
        "If you are in danger right now, please call the emergency number where you are; a crisis "
        "line near you will listen at any hour."
    ),
    "correction": "Correction: {text}",
    "message_waiting": (
        "{title} has an answer for you. Reply to this message to read it, or write STOP."
    ),
    "opted_out": (
        "You will get no more messages from {title} here. Write START if you want them again."
    ),
    "opted_in": "You will get messages from {title} again. Write STOP to get none.",
    "not_delivered": "Not delivered ({reason}): {text}",
    "handed_over_closed": (
        "I have asked for a person. It is outside our hours: our people are back {back}. You can "
        "keep writing here; they will see all of it."
    ),
    "calling": "I am calling {who} for you now. If nobody is here within {wait}, I will try on.",
    "calling_next": (
        "Nobody has been free yet, and I am sorry for the wait. I am calling {who} now, and will "
        "try on if nobody is here within {wait}."
    ),
    "the_team": "our team",
    "somebody_on_call": "the person on call",
    "people_back": "Our people are back {back}.",
    "meanwhile": "Meanwhile I am here: ask me anything.",
    "ticket_opened": (
        "I could not reach anybody just now, and I am sorry about that. I have opened ticket "
        "{number} for you: a person will work on it. {back}"
    ),
    "callback_offered": (
        "I could not reach anybody just now, and I am sorry about that. A person will call you "
        "back: how and when can we reach you? Write a number or an address, and a time. Your "
        "request has the number {number}. {back}"
    ),
    "callback_declined": "No call back, thank you",
    "callback_noted": (
        "Thank you, I have written that down. A person will get in touch with you; the number of "
        "your request is {number}. {back}"
    ),
    "callback_dropped": "All right, nobody will call you back. What else can I do for you?",
    "lapsed": (
        "{name} cannot go on just now, and I am sorry about that. I am asking somebody else to "
        "join; you need not say anything again."
    ),
    "today_at": "today at {time}",
    "tomorrow_at": "tomorrow at {time}",
    "day_at": "on {day} at {time}",
    "csat": (
        "How was it with {name}? Please choose a number from 1 (very poor) to 5 (very good). "
        "You can also just leave it."
    ),
    "csat_thanks": "Thank you! Would you like to add a few words?",
    "csat_sorry": (
        "Thank you for telling us, and I am sorry that it was not better. Would you like to add a "
        "few words, or talk to a person again?"
    ),
    "csat_comment": "Please write it in one message; the team will read it.",
    "csat_comment_button": "Add a comment",
    "csat_no_button": "No, that is all",
    "csat_noted": "Thank you, I have passed that on to the team.",
    "csat_done": "All right. Write again whenever you need us.",
    "csat_over": "This question is closed now. Thank you all the same; write whenever you need us.",
}

_HOUR_S = 3600

NAMES = {
    "ar": "Arabic", "bg": "Bulgarian", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek",
    "en": "English", "es": "Spanish", "et": "Estonian", "fi": "Finnish", "fr": "French",
    "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "id": "Indonesian",
    "it": "Italian", "ja": "Japanese", "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian",
    "nl": "Dutch", "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian",
    "ru": "Russian", "sk": "Slovak", "sl": "Slovenian", "sr": "Serbian", "sv": "Swedish",
    "th": "Thai", "tr": "Turkish", "uk": "Ukrainian", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
"""What the languages are called, in English."""

CATALOGUE: dict[str, dict[Key, str]] = {"en": ENGLISH}


def say(key: Key, language: str, **values: str) -> str:
    """The sentence for a key; a language without it falls back to English."""
    words = CATALOGUE.get(language, ENGLISH)
    return words.get(key, ENGLISH[key]).format(**values)


def own_or_fixed(words: str, language: str, **values: str) -> str:
    """The sentence of a key; any other words are said as they are, their places filled in."""
    return template(words, language).format(**values)


def template(words: str, language: str) -> str:
    """The same with its places open: "{wait}"."""
    key = next((one for one in ENGLISH if one == words), None)
    return words if key is None else CATALOGUE.get(language, ENGLISH).get(key, ENGLISH[key])


def language_name(code: str) -> str:
    """The name of a language; its code where we have no name for it."""
    return NAMES.get(base(code), code)


def base(code: str) -> str:
    """The language of a dialect: "pt" for "pt-BR"."""
    return code.split("-", 1)[0].casefold()


def minutes(seconds: float) -> str:
    """A wait in words: "10 minutes", "2 hours"."""
    if seconds < _HOUR_S:
        count = max(1, round(seconds / 60))
        return f"{count} minute" if count == 1 else f"{count} minutes"
    count = round(seconds / _HOUR_S)
    return f"{count} hour" if count == 1 else f"{count} hours"
