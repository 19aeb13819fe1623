"""Reads files of labelled questions, and says of each wrong line what to mend."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked and the article that answers it, None where none does."""

    text: str
    article: str | None


class Wrong(Exception):
    """Lines that cannot be used, each with its number."""

    def __init__(self, faults: list[str]) -> None:
        more = [f"… and {len(faults) - _SHOWN} more"] if len(faults) > _SHOWN else []
        self.faults = [*faults[:_SHOWN], *more]
        super().__init__("; ".join(self.faults))


def read(path: Path, articles: Collection[str]) -> list[Question]:
    """All questions of a file; `articles` are the ids that may be named.

    Raises `Wrong` where a line is not `{"question": "…", "article": "…" or null}`.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError as exc:
        raise Wrong([f"{path}: it is not UTF-8 text"]) from exc
    except OSError as exc:
        raise Wrong([f"{path}: it cannot be read ({exc.strerror})"]) from exc
    found, faults = [], []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            found.append(_question(line, articles))
        except ValueError as exc:
            faults.append(f"{path.name}, line {number}: {exc}")
    if faults:
        raise Wrong(faults)
    if not found:
        raise Wrong([f'{path}: it holds no questions: write one {{"question": …}} a line'])
    return found


def _question(line: str, articles: Collection[str]) -> Question:
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError("this is not JSON") from None
    if not isinstance(told, dict):
        raise ValueError('this must be an object with "question" and "article"')  # noqa: TRY004 - one kind of fault
    text = told.get("question")
    if not isinstance(text, str) or not text.strip():
        raise ValueError('"question" must be a text that is not empty')
    if "article" not in told:
        raise ValueError('"article" is missing: an article id, or null where no article answers')
    article = told["article"]
    if article is None:
        return Question(text, None)
    if not isinstance(article, str):
        raise ValueError('"article" must be an article id in quotes, or null')  # noqa: TRY004 - as above
    if article not in articles:
        raise ValueError(f"there is no article {article!r} in this knowledge base")
    return Question(text, article)
