"""Reads JSON lines: one article a line."""

import json
from collections.abc import Iterator

from knowledge.fields import KNOWN, Fault, Found, Unusable, article_from, unknown


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
            yield Fault(f"the key {key!r} means nothing: known are {', '.join(KNOWN)}", number)
        try:
            yield Found(article_from(fields, source), number)
        except Unusable as exc:
            yield Fault(str(exc), number)
