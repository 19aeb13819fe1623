"""Makes an article out of the fields of a file, or says what to mend in them."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from bot.domain.knowledge import Article

KNOWN = (
    "id", "question", "variants", "answer", "title", "content", "url", "language", "verbatim",
    "verbatim_only", "human_led", "lines", "owner", "review_by",
)  # fmt: skip
_ID = re.compile(r"[^\W_][\w.-]{0,99}")
_LINE = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_URL = re.compile(r"(https?://|mailto:|/)\S+")
_YES_NO = {True: True, False: False, "true": True, "false": False, "yes": True, "no": False}
_SLUG_LENGTH = 60
_SLUG_LEAST = 3


@dataclass(frozen=True, slots=True)
class Found:
    """An article; the line it begins at where a file holds several."""

    article: Article
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and what to do about it; the line where one is known."""

    why: str
    line: int | None = None


class Unusable(Exception):
    """The fields do not make an article."""


def article_from(fields: Mapping[str, object], source: str) -> Article:
    """Raises `Unusable` with what to mend. A language that is not given stays empty."""
    question = _words(fields, "question")
    if not question:
        raise Unusable("there is no question: add `question: …`, as a customer would ask it")
    answer = _words(fields, "answer")
    if not answer:
        raise Unusable(f"the answer to {question!r} is empty: write what the bot shall say")
    return Article(
        id=_id(fields, question),
        question=question,
        variants=_variants(fields),
        answer=answer,
        url=_matching(fields, "url", _URL, "must be an address that starts with https://"),
        language=_matching(fields, "language", _LANGUAGE, "must be a code such as en or pt-BR")
        or "",
        source=source,
        verbatim_only=_yes_no(fields, "verbatim_only") or _yes_no(fields, "verbatim"),
        human_led=_yes_no(fields, "human_led"),
        lines=_lines(fields),
        owner=_words(fields, "owner") or None,
        review_by=_day(fields, "review_by"),
    )


def unknown(fields: Mapping[str, object]) -> list[str]:
    """Keys that mean nothing here: most often a slip of the pen."""
    return sorted(key for key in fields if key not in KNOWN)


def nameless(key: str) -> str:
    """What to say of a key that means nothing; the rest of its article is taken in."""
    return f"the key {key!r} means nothing and was left out: known are {', '.join(KNOWN)}"


def slug(question: str) -> str:
    """An id out of a question; the same question always has the same one."""
    plain = unicodedata.normalize("NFKD", question.casefold()).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain)[:_SLUG_LENGTH].strip("-")
    if len(words) >= _SLUG_LEAST:
        return words
    return "q-" + sha256(question.encode()).hexdigest()[:10]


def _id(fields: Mapping[str, object], question: str) -> str:
    given = _words(fields, "id")
    if not given:
        return slug(question)
    if not _ID.fullmatch(given):
        raise Unusable(
            f"the id {given!r} may hold letters, digits, dots, hyphens and underscores alone, "
            "100 at most: change it"
        )
    return given


def _words(fields: Mapping[str, object], key: str) -> str:
    return _text(fields.get(key), f"`{key}`")


def _text(value: object, name: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Unusable(f"{name} must be text: put it in quotes")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise Unusable(f"{name} holds half a character: write it again") from None
    # NUL is the one character that PostgreSQL keeps in no text.
    return value.replace("\0", "").strip()


def _variants(fields: Mapping[str, object]) -> tuple[str, ...]:
    given = fields.get("variants")
    if given is None or given == "":
        return ()
    if not isinstance(given, list):
        raise Unusable(
            '`variants` must be a list: ["…", "…"], or one phrasing a line, each after a hyphen'
        )
    texts = [_text(one, f"variant {place}") for place, one in enumerate(given, start=1)]
    return tuple(dict.fromkeys(text for text in texts if text))


def _lines(fields: Mapping[str, object]) -> tuple[str, ...]:
    given = fields.get("lines")
    if given is None or given == "":
        return ()
    names = given.split(",") if isinstance(given, str) else given
    if not isinstance(names, list):
        raise Unusable("`lines` must be names of lines, such as `shop, it`")
    texts = [_text(one, "a name in `lines`") for one in names]
    for text in texts:
        if not _LINE.fullmatch(text):
            raise Unusable(f"`lines` must be names of lines, such as `shop, it`, not {text!r}")
    return tuple(sorted(set(texts)))


def _day(fields: Mapping[str, object], key: str) -> date | None:
    given = _words(fields, key)
    if not given:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise Unusable(f"`{key}` must be a day such as 2027-01-31, not {given!r}") from None


def _matching(
    fields: Mapping[str, object], key: str, pattern: re.Pattern[str], demand: str
) -> str | None:
    given = _words(fields, key)
    if not given or given in ("null", "~"):
        return None
    if not pattern.fullmatch(given):
        raise Unusable(f"`{key}` {demand}, not {given!r}")
    return given


def _yes_no(fields: Mapping[str, object], key: str) -> bool:
    given = fields.get(key)
    if given is None or given == "":
        return False
    if isinstance(given, str):
        given = given.casefold()
    if not isinstance(given, bool | str) or given not in _YES_NO:
        raise Unusable(f"`{key}` must be true or false, not {given!r}")
    return _YES_NO[given]
