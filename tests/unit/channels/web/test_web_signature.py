"""Visitor tokens: signed, checked, never guessed."""

import pytest

from bot.domain.errors import NotAuthentic
from channels.web.signature import VisitorTokens, bearer

KEY = b"a key of thirty-two bytes, or so"
OTHER = b"another key of just as many byte"


@pytest.mark.parametrize("line", ["shop", "a.b", "Straße & Söhne", "x" * 60])
def test_a_token_says_who_holds_it(line: str):
    tokens = VisitorTokens(KEY)
    visitor, token = tokens.new(line)
    assert token.isascii()
    assert tokens.verify(token) == visitor
    assert (visitor.line, len(visitor.id)) == (line, 22)


def test_no_two_visitors_are_the_same():
    tokens = VisitorTokens(KEY)
    assert len({tokens.new("shop")[0].id for _ in range(1000)}) == 1000


def test_every_changed_character_is_noticed():
    tokens = VisitorTokens(KEY)
    _, token = tokens.new("shop")
    for at in range(len(token)):
        changed = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        # The last character of a 256-bit value in base64 has bits to spare: the text must match.
        with pytest.raises(NotAuthentic):
            tokens.verify(changed)


@pytest.mark.parametrize("token", ["", "v1", "v1.a.b", "v1.a.b.c", "...", "é.é.é.é", "x" * 5000])
def test_nonsense_is_refused(token: str):
    with pytest.raises(NotAuthentic):
        VisitorTokens(KEY).verify(token)


def test_one_visitor_cannot_become_another():
    tokens = VisitorTokens(KEY)
    (mine, token), (other, _) = tokens.new("shop"), tokens.new("shop")
    with pytest.raises(NotAuthentic):
        tokens.verify(token.replace(mine.id, other.id))
    with pytest.raises(NotAuthentic):
        tokens.verify(token.replace(".shop.", ".it."))


def test_an_older_key_still_verifies_and_a_foreign_one_never():
    _, token = VisitorTokens(OTHER).new("shop")
    assert VisitorTokens(KEY, OTHER).verify(token).line == "shop"
    with pytest.raises(NotAuthentic):
        VisitorTokens(KEY).verify(token)


def test_a_short_key_is_refused():
    with pytest.raises(ValueError, match="at least 16"):
        VisitorTokens(b"short")


def test_the_bearer_header_is_read_in_any_case():
    assert bearer({"authorization": "bearer  abc "}) == "abc"


@pytest.mark.parametrize("value", ["", "abc", "Basic abc", "Bearer", "Bearer  "])
def test_any_other_header_is_refused(value: str):
    with pytest.raises(NotAuthentic):
        bearer({"authorization": value} if value else {})
