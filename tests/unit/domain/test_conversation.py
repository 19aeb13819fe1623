"""What a transcript says once its later changes are in place."""

from datetime import UTC, datetime

from bot.domain.conversation import Entry, as_they_stand
from bot.domain.message import Author, Text

AT = datetime(2026, 3, 2, tzinfo=UTC)


def line(key: str, words: str, *, of: str | None = None, author: Author = "customer") -> Entry:
    parts = (Text(text=words),) if words else ()
    return Entry(key=key, kind="said", author=author, parts=parts, at=AT, replaces=of)


def standing(*entries: Entry) -> list[tuple[str, str, str | None]]:
    return [(one.key, one.text(), one.changed) for one in as_they_stand(entries)]


def test_an_edited_line_has_the_newest_words_in_its_old_place():
    lines = (line("a", "one"), line("b", "two"), line("c", "1", of="a"), line("d", "I", of="a"))
    assert standing(*lines) == [("a", "I", "edited"), ("b", "two", None)]


def test_what_was_taken_back_stays_taken_back():
    lines = (line("a", "one"), line("b", "", of="a"), line("c", "late", of="a"))
    assert standing(*lines) == [("a", "one", "deleted")]


def test_a_change_of_something_unknown_is_a_line_of_its_own():
    assert standing(line("b", "two", of="a")) == [("b", "two", None)]


def test_nobody_changes_another_authors_line():
    lines = (line("a", "one", author="staff"), line("b", "two", of="a"))
    assert standing(*lines) == [("a", "one", None), ("b", "two", None)]
