"""Reads JSON lines: one article a line, or one document with `title` and `content`."""

import json
from collections.abc import Iterator

from knowledge.documents import Document, articles_of
from knowledge.fields import Fault, Found, Unusable, article_from, nameless, unknown

_OF_DOCUMENTS = ("id", "title", "content", "variants", "answer")


def read_jsonl(text: str, source: str) -> Iterator[Found | Fault]:
    """Every article of a file, and what keeps other lines from being one."""
    # Not splitlines: a line separator of Unicode may stand inside a JSON text.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            fields = json.loads(line)
        except (ValueError, RecursionError) as exc:
            yield Fault(f"the line is not JSON ({exc}): write one object a line", number)
            continue
        if not isinstance(fields, dict):
            yield Fault('the line is not an object: write {"id": …, "question": …}', number)
            continue
        for key in unknown(fields):
            yield Fault(nameless(key), number)
        yield from _taken(fields, source, number)


def _taken(fields: dict[str, object], source: str, number: int) -> Iterator[Found | Fault]:
    title, content = fields.get("title"), fields.get("content")
    if "question" in fields or not isinstance(title, str) or not isinstance(content, str):
        try:
            yield Found(article_from(fields, source), number)
        except Unusable as exc:
            yield Fault(str(exc), number)
        return
    kept = {key: fields[key] for key in fields if key not in _OF_DOCUMENTS}
    document = Document(
        name=str(fields.get("id") or title),
        title=title.strip(),
        body=content.replace("\0", ""),
        fields=kept,
    )
    for one in articles_of(document, source):
        if isinstance(one, Found):
            yield Found(one.article, number)
        else:
            yield Fault(one.why, number)
