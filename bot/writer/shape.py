"""The shape an answer must have: asked of the model, read while it grows, validated at the end."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

from langchain_core.utils.json import parse_partial_json
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.domain.errors import ConnectorError
from bot.domain.writing import Sentence

Name = Annotated[str, Field(min_length=1, max_length=20)]


MOST_SENTENCES = 20
LONGEST, DEEPEST = 20_000, 8
"""Characters of an answer with all its signs, and brackets within brackets.

What has come is read again from its beginning, which more of either would make slow.
"""
_BRACKET = re.compile(r'\\.|["\[\]{}]', re.DOTALL)


class OneSentence(BaseModel):
    """A sentence with the names of the articles it rests on."""

    model_config = ConfigDict(extra="forbid", strict=True)

    text: str = Field(min_length=1, max_length=800)
    sources: list[Name] = Field(min_length=1, max_length=4)


class WholeAnswer(BaseModel):
    """A whole answer."""

    model_config = ConfigDict(extra="forbid", strict=True)

    sentences: list[OneSentence] = Field(max_length=MOST_SENTENCES)


SCHEMA: dict[str, Any] = {
    "title": "answer",
    "description": "The answer to the customer, sentence by sentence.",
    "type": "object",
    "properties": {
        "sentences": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "text": {"type": "string", "description": "One sentence."},
                    "sources": {
                        "type": "array",
                        "items": {"type": "string"},
                        "description": "Names of the articles that say this, such as a1.",
                    },
                },
                "required": ["text", "sources"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["sentences"],
    "additionalProperties": False,
}
"""`WholeAnswer` in the small part of JSON Schema that every provider takes."""


class Growing:
    """An answer that arrives in pieces. `articles` are the ids behind the names the model uses."""

    def __init__(self, articles: Mapping[str, str]) -> None:
        self._articles = articles
        self.restart()

    def restart(self) -> None:
        """Forget what came so far: it was said before the answer began."""
        self.text, self._given = "", 0
        self._depth, self._quoted, self._cut = 0, False, ""

    def add(self, piece: str) -> Iterator[Sentence]:
        """The sentences that this piece has made complete: those that another one follows.

        Raises `ConnectorError` when a sentence has another shape, or there is no end to them.
        """
        self.text += piece
        if len(self.text) > LONGEST or self._deepest(piece) > DEEPEST:
            raise ConnectorError("the model's answer does not end")
        if "}" in piece or "{" in piece:
            yield from self._new(_sentences(self._from_brace())[:-1])

    def end(self) -> Iterator[Sentence]:
        """The rest. Raises `ConnectorError` when the whole is not of the shape it should have."""
        try:
            answer = self._from_brace()
            whole = WholeAnswer.model_validate_json(answer[: answer.rfind("}") + 1])
        except ValidationError:
            raise ConnectorError("the model's answer has another shape") from None
        yield from self._new([one.model_dump() for one in whole.sentences])

    def _deepest(self, piece: str) -> int:
        """How deep the brackets go; a backslash at a piece's end belongs to the next."""
        piece, deepest = self._cut + piece, self._depth
        self._cut = "\\" if re.search(r"(?<!\\)(?:\\\\)*\\$", piece) else ""
        for sign in _BRACKET.findall(piece.removesuffix(self._cut)):
            if sign == '"':
                self._quoted = not self._quoted
            elif not self._quoted and sign in "[{":
                self._depth += 1
            elif not self._quoted and sign in "]}":
                self._depth -= 1
            deepest = max(deepest, self._depth)
        return deepest

    def _from_brace(self) -> str:
        """Without the fence or the thought that some models put around an answer."""
        return self.text[max(self.text.find("{"), 0) :]

    def _new(self, sentences: Sequence[object]) -> Iterator[Sentence]:
        if len(sentences) > MOST_SENTENCES:
            raise ConnectorError("the model's answer has too many sentences")
        fresh, self._given = sentences[self._given :], max(self._given, len(sentences))
        for one in fresh:
            try:
                valid = OneSentence.model_validate(one)
            except ValidationError:
                raise ConnectorError("a sentence of the model's has another shape") from None
            # A name that no article has is cited as it stands: the check refuses it.
            cites = tuple(self._articles.get(name, name) for name in valid.sources)
            yield Sentence(text=valid.text, cites=cites)


def _sentences(growing: str) -> list[object]:
    try:
        partial = parse_partial_json(growing)
    except ValueError:
        return []
    found = partial.get("sentences") if isinstance(partial, dict) else None
    return found if isinstance(found, list) else []
