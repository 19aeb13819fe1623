"""Takes a condition apart into the comparisons that it joins, so that each can be shown."""

import re

from bot.domain.rules import VARIABLES

_TEXT = re.compile(r"""("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')""")
_NAMES = "|".join(re.escape(one.name) for one in sorted(VARIABLES, key=lambda v: -len(v.name)))
_NAMED = re.compile(rf"(?<![\w.])(?:{_NAMES})(?![\w])")


def parts(source: str) -> list[str]:
    """What the condition joins with &&, || and ?:, in order; the whole if it joins nothing."""
    halves = _split(_unwrapped(source.strip()))
    if len(halves) == 1:
        return halves
    return [one for half in halves for one in parts(half)]


def variables_in(source: str) -> list[str]:
    """The variables that a condition names, each once."""
    return list(dict.fromkeys(_NAMED.findall(_blank(source))))


def divisors(source: str) -> list[str]:
    """What the condition divides by, as conditions of their own can be made of it."""
    plain, found = _blank(source), []
    for sign in re.finditer(r"[/%]", plain):
        end = _operand(plain, sign.end())
        found.append(source[sign.end() : end].strip())
    return found


def _operand(plain: str, at: int) -> int:
    """Where an operand that begins at a place ends: a name, a number, a call, or parentheses."""
    while at < len(plain) and plain[at] in " \n\t-":
        at += 1
    depth = 0
    while at < len(plain):
        letter = plain[at]
        if letter in "([":
            depth += 1
        elif letter in ")]":
            depth -= 1
            if depth < 0:
                break
        elif depth == 0 and not (letter.isalnum() or letter in "._"):
            break
        at += 1
    return at


def _blank(source: str) -> str:
    """The condition with its texts blanked out, every place kept."""
    return _TEXT.sub(lambda found: "'" + " " * (len(found[0]) - 2) + "'", source)


def _split(source: str) -> list[str]:
    plain, depth, halves, start, at = _blank(source), 0, [], 0, 0
    while at < len(plain):
        depth += (plain[at] in "([{") - (plain[at] in ")]}")
        wide = 2 if plain[at : at + 2] in ("&&", "||") else 1 if plain[at] in "?:" else 0
        if depth == 0 and wide:
            halves.append(source[start:at].strip())
            start = at + wide
        at += max(1, wide)
    return [*halves, source[start:].strip()]


def _unwrapped(source: str) -> str:
    """Without parentheses, or a negation with them, that hold all of it."""
    inner = source.lstrip("! ")
    if not inner.startswith("("):
        return source
    plain, depth = _blank(inner), 0
    for at, letter in enumerate(plain):
        depth += (letter == "(") - (letter == ")")
        if depth == 0:
            return _unwrapped(inner[1:at].strip()) if at == len(plain) - 1 else source
    return source
