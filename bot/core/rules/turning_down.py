"""Hears an answer being turned down: "that's not what I asked", "no", a thumb down."""

import re

from bot.core.questions import content

# A clause of its own: "something that does not work" turns nothing down.
_DOWN = re.compile(
    r"(?:^|[.!?,;:-]\s*|\b(?:no|nope|but|sorry|and|so|well|hm+|bot|think|guess|still)\s+)(?:"
    r"(?:that|this|it)(?: is|'?s| was)?(?: really| still| just)?(?: not|n'?t)(?: at all| really)? "
    r"(?:what (?:i|we) (?:\w+ )?(?:asked|ask|meant|mean|wanted|want|needed|need|said|looking for|"
    r"asking)\b(?: (?:for|about|you))*|(?:an |the |my |a )?(?:answer|question|helpful|useful|help|"
    r"it|right|correct|true|relevant)\b)"
    r"|not what (?:i|we)(?:'?m| am| was| are| were)? ?(?:asked|ask|meant|mean|wanted|want|needed|"
    r"need|said|looking for|asking)\b(?: (?:for|about|you))*"
    r"|(?:that|this|it|your answer)(?: still| really)? ?(?:does ?n[o']?t|did ?n[o']?t|does not|"
    r"did not|doesnt|didnt)(?: really| even)? (?:help|work|answer (?:my|the|that) question|"
    r"answer (?:it|that)|solve (?:it|that|this|anything|my problem))(?: me)?"
    r"|(?:you|u) (?:did ?n[o']?t|did not|didnt|do ?n[o']?t|do not|have not|haven'?t) (?:really )?"
    r"(?:answer(?:ed)?(?: (?:my|the) question| me)?|understand|understood|get|read|listen)"
    r"(?: (?:me|it|that|what i \w+|my question|the question))?"
    r"|(?:you )?misunderst(?:and|ood)(?: me| my question)?"
    r"|(?:that|this|it)(?: is|'?s| was)? (?:wrong|incorrect|useless|unhelpful|nonsense|irrelevant)"
    r"|(?:wrong|useless|unhelpful|bad) (?:answer|reply|response)"
    r"|(?:not|isn'?t|wasn'?t) (?:very |really |at all )?(?:helpful|useful|it)\b"
    r"|(?:i|we) (?:asked|meant|wanted|said) (?:something|sth|anything) (?:else|different)"
    r"|(?:no|nope) help(?: at all)?|(?:useless|unhelpful|incorrect)\b)",
    re.IGNORECASE,
)
_THUMB = "\N{THUMBS DOWN SIGN}"
_WORDS_ASIDE = """
no nope nah sorry hm hmm well bot really at all ok okay again still though i said already answer
question wrong
"""
_ASIDE = frozenset(_WORDS_ASIDE.split())


def turns_down(text: str) -> bool:
    """Whether the words say that the answer before them was none."""
    return _says_no(text) or _DOWN.search(_plain(text)) is not None


def only_turns_down(text: str) -> bool:
    """Whether they say nothing else: there is nothing in them to look up."""
    return turns_down(text) and content(_DOWN.sub(" ", _plain(text))) <= _ASIDE


def _says_no(text: str) -> bool:
    bare = text.strip(" .!?,").casefold()
    return _THUMB in text or bare in ("no", "nope", "nah", "wrong")


def _plain(text: str) -> str:
    return " ".join(text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split())
