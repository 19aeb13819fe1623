"""Our small Markdown as Slack's mrkdwn.

https://docs.slack.dev/messaging/formatting-message-text
"""

import re

SECTION = 3000
"""Characters of one section block."""

_LINK = re.compile(r"\[([^\]\n]+)\]\((https?://[^\s)|>]+)\)")
_BOLD = re.compile(r"\*\*(\S(?:[^\n]*?\S)?)\*\*")
_HEADING = re.compile(r"^#{1,6} +(.+?) *#*$", re.MULTILINE)
_BULLET = re.compile(r"^(\s*)[-*] +", re.MULTILINE)


def escaped(text: str) -> str:
    """Words that call nobody: `<!channel>` in them is read, not obeyed."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def mrkdwn(text: str) -> str:
    """Bold, links, headings and lists as Slack writes them, all else as it is."""
    text = _BULLET.sub(r"\1• ", escaped(text))
    text = _HEADING.sub(r"**\1**", text)
    text = _BOLD.sub(r"*\1*", text)
    return _LINK.sub(lambda found: f"<{found[2]}|{found[1]}>", text)


def sections(text: str, most: int = SECTION) -> list[str]:
    """The text as mrkdwn in pieces of at most `most` characters, cut between lines or words."""
    text = text.strip()
    if not text:
        return []
    written = mrkdwn(text)
    if len(written) <= most:
        return [written]
    cut = _cut(text)
    return [*sections(text[:cut], most), *sections(text[cut:], most)]


def shortened(text: str, most: int) -> str:
    """The text, or its beginning and an ellipsis."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _cut(text: str) -> int:
    """Where to cut near the middle: between paragraphs, lines, sentences, words, anywhere."""
    middle = len(text) // 2
    for mark in ("\n\n", "\n", ". ", " "):
        found = text.rfind(mark, middle // 2, middle)
        if found > 0:
            return found + len(mark)
    return max(middle, 1)
