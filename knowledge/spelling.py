"""Mends slips in the few words that a request for a person hangs on."""

from functools import lru_cache

# The words worth mending, with how many slips each may hold and still be meant.
_MEANT = {
    "human": 1,
    "person": 1,
    "agent": 1,
    "someone": 1,
    "somebody": 1,
    "operator": 1,
    "advisor": 1,
    "assistant": 1,
    "supervisor": 2,
    "representative": 3,
    "speak": 1,
    "transfer": 1,
    "connect": 1,
}
# Real words one slip away, and the forms that the patterns know already.
_OTHER_WORDS = """
agents agency aged speaks sneak steak peak spear spec persons personal persona parson humans humane
operators operated operates advisors adviser assistants assistance transfers transferred connects
connected connector representatives represent
"""
_OTHER = frozenset(_OTHER_WORDS.split())
_SHORT = {
    "tlak": "talk", "takl": "talk", "tlk": "talk", "talkk": "talk", "spk": "speak",
    "sb": "somebody", "smn": "someone", "sum1": "someone", "some1": "someone",
    "reps": "rep", "ppl": "people", "persn": "person", "hooman": "human", "agnt": "agent",
    "wanna": "want to", "gimme": "give me", "lemme": "let me", "gotta": "got to",
    "u": "you", "ur": "your", "plz": "please", "pls": "please", "plse": "please",
    "ot": "to", "na": "a", "haveto": "have to",
}  # fmt: skip
_SHORTEST = 4


@lru_cache(maxsize=4096)
def mended(word: str) -> str:
    """The word that was meant, where it is one of ours; the word itself otherwise."""
    if word in _SHORT:
        return _SHORT[word]
    if len(word) < _SHORTEST or word in _MEANT or word in _OTHER:
        return word
    for meant, allowed in _MEANT.items():
        # Slips rarely hit the first letter, and real words differ there most.
        if word[0] == meant[0] and slips(word, meant) <= allowed:
            return meant
    return word


def slips(word: str, meant: str) -> int:
    """Letters dropped, added, changed or swapped with their neighbour."""
    before: list[int] = []
    row = list(range(len(meant) + 1))
    for i, letter in enumerate(word, start=1):
        oldest, before, row = before, row, [i]
        for j, wanted in enumerate(meant, start=1):
            cost = min(row[-1] + 1, before[j] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == meant[j - 2] and word[i - 2] == wanted:
                cost = min(cost, oldest[j - 2] + 1)
            row.append(cost)
    return row[-1]
