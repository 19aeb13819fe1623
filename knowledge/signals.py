"""What a message shows, from its vector, its looks and its plainest words."""

from dataclasses import dataclass
from typing import TypedDict

from knowledge.encoder import Vectors
from knowledge.heads.despair import despairs, jests
from knowledge.heads.model import Heads, heads_for
from knowledge.wants_human import declines_human, wants_human

# Heads learnt English. A short text's language stays open: then they are asked as well.
_LEARNT = ("en", None)
_COUNTS = 0.5
# Help desks speak of people all day: "add an external person to a team", "invite a colleague".
_SURE = 0.65
_FEELINGS = ("distress", "anger", "positive", "negative")


class Topics(TypedDict, total=False):
    """What a message is about; names as in `Reading`."""

    wants_human: float
    self_harm: float
    complaint: float
    billing_dispute: float
    fraud: float
    legal_threat: float
    privacy_request: float
    harassment: float
    safety: float


class Feelings(TypedDict, total=False):
    """How its writer feels; names as in `Reading`."""

    distress: float
    anger: float
    sentiment: float


@dataclass(frozen=True, slots=True)
class Signals:
    """The heads apart, so that feelings are not even computed where they are not wanted.

    Without heads (another encoder than theirs), plain words alone are heard.
    """

    topics_heads: Heads | None = None
    feelings_heads: Heads | None = None

    @classmethod
    def of(cls, fingerprint: str) -> "Signals":
        """Those for an encoder. Raises `KnowledgeError` where the heads' file is damaged."""
        _ = wants_human("hello"), despairs("hello")  # their patterns are made at the first use
        heads = heads_for(fingerprint)
        if heads is None:
            return cls()
        about = tuple(name for name in heads.names if name not in _FEELINGS)
        return cls(heads.only(about), heads.only(_FEELINGS))

    def topics(self, text: str, vector: Vectors, language: str | None) -> Topics:
        """What the message is about, asking for a person and self-harm among it."""
        found = Topics()
        if self.topics_heads is not None and language in _LEARNT:
            scores = self.topics_heads.scores(text, vector)
            found = Topics(**scores)  # type: ignore[typeddict-item]  # a test holds the names
            found["wants_human"] = _surely(scores["wants_human"])
            if scores["wants_human"] >= _COUNTS and declines_human(text):
                found["wants_human"] = 0.0
            if scores.get("self_harm", 0.0) >= _COUNTS and jests(text):
                found["self_harm"] = 0.0
        if wants_human(text):
            found["wants_human"] = 1.0
        if despairs(text):
            found["self_harm"] = 1.0
        return found

    def feelings(self, text: str, vector: Vectors, language: str | None) -> Feelings:
        """How its writer feels."""
        found = Feelings()
        if self.feelings_heads is not None and language in _LEARNT:
            scores = self.feelings_heads.scores(text, vector)
            found = Feelings(
                distress=scores["distress"],
                anger=scores["anger"],
                sentiment=scores["positive"] - scores["negative"],
            )
        if despairs(text):
            found["distress"] = 1.0
        return found


def _surely(score: float) -> float:
    """What the head says of asking for a person; without plain words it has to be surer."""
    return score if score >= _SURE else score * _COUNTS / _SURE
