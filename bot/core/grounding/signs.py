"""Signs that a sentence may not be written with: look-alikes, tags, marks that hide or disguise."""

import re

from bot.core.grounding.plain import comparable

_PLAIN = frozenset(
    " !\"#%&'()*+,-./:;=?@[]_€£$¥§°·…«»„“”¿¡–—×½¼¾0123456789"
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "äöüßÄÖÜẞàâæçéèêëîïôœùûÿÀÂÆÇÉÈÊËÎÏÔŒÙÛŸáíñóúÁÍÑÓÚ"
)
"""What English, German, French and Spanish are written with. No tag, no code, no table."""
_WORD = re.compile(r"\w+")
_NOTE = re.compile(r"\[\d+\]|\]\[|^\[[^\]]*\]:")


def strange(text: str, articles: str) -> bool:
    """Whether a text has a sign, or a word in other letters, that the articles have not.

    Marks of sources are ours to set: `[2]` is refused too, as are links by reference.
    """
    if all(sign in _PLAIN for sign in text) and not _NOTE.search(text):
        return False
    if _NOTE.search(text):
        return True
    theirs = comparable(articles)
    words = frozenset(_WORD.findall(theirs))
    odd = (word for word in _WORD.findall(text) if not all(sign in _PLAIN for sign in word))
    return any(word not in words for word in odd) or any(
        sign not in theirs for sign in text if sign not in _PLAIN and not sign.isalnum()
    )
