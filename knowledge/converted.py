"""Makes articles out of what the converting process gave back."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from knowledge.conversion.shapes import Converted, Row
from knowledge.documents import Document, articles_of, title_of
from knowledge.fields import Fault, Found, Unusable, article_from

_BETWEEN_VARIANTS = re.compile(r"[\n;|]")


def articles_in(converted: Converted, source: str) -> Iterator[Found | Fault]:
    """Every article of a file or page that was converted; `source` is its path or address."""
    for row in converted.rows:
        yield _row(row, source)
    if converted.body or not converted.rows:
        path = PurePosixPath(source)
        document = Document(
            name=path.with_suffix("").as_posix() if path.suffix else source,
            title=converted.title or title_of(converted.body, path.name),
            body=converted.body,
            url=converted.url,
            language=converted.language,
        )
        for one in articles_of(document, source):
            # Lines of the Markdown are not lines of the file.
            yield Found(one.article) if isinstance(one, Found) else Fault(one.why)


def _row(row: Row, source: str) -> Found | Fault:
    fields: dict[str, object] = dict(row.fields)
    if "variants" in row.fields:
        fields["variants"] = _BETWEEN_VARIANTS.split(row.fields["variants"])
    try:
        return Found(article_from(fields, source), row.line)
    except Unusable as exc:
        return Fault(str(exc), row.line)
