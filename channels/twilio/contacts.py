"""A shared contact in words. https://www.rfc-editor.org/rfc/rfc6350."""

import re

_LINE = re.compile(r"^(?:[\w-]+\.)?(FN|TEL|EMAIL)(?:;[^:\n]*)?:(?:tel:)?([^\n]+)$", re.M | re.I)
_FOLDED = re.compile(r"\n[ \t]")
_MOST = 5


def card_in_words(content: bytes) -> str:
    """Name, numbers and addresses of a vCard; a few of each are enough."""
    text = content.decode("utf-8", "replace").replace("\r\n", "\n")
    text = _FOLDED.sub("", text)
    found = [(name.upper(), value.strip()) for name, value in _LINE.findall(text)]
    named = [value for name, value in found if name == "FN"][:_MOST]
    reached = [value for name, value in found if name != "FN"][:_MOST]
    return f"(contact: {', '.join((*named, *reached)) or 'without a name'})"
