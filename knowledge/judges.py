"""The judges of an edition: made at ingest, and carried as bytes so that all replicas agree."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from io import BytesIO
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from bot.domain.errors import KnowledgeError
from bot.domain.knowledge import Article, Calibration, Expected, main_language
from bot.domain.ports import Phrasing
from knowledge.arranging import arranged
from knowledge.gate import Gate
from knowledge.head import Head
from knowledge.judging import Judge, judge
from knowledge.labelled import Labels

_ABOUT = "about"
# Whatever changes the judges that the same articles give belongs in here.
_RECIPE = "3"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judges:
    """By language; `key` identifies what they were made from."""

    key: str
    by_language: Mapping[str, Judge]
    expected: Expected | None
    cuts: tuple[float, float]


def made(
    articles: Sequence[Article],
    phrasings: Sequence[Phrasing],
    calibration: Calibration | None,
    before: Judges | None = None,
) -> Judges:
    """Train and calibrate, unless `before` was made from the very same. Blocking: seconds."""
    key = _key(articles, phrasings, calibration)
    if before is not None and before.key == key:
        return before
    found = {}
    for language in sorted({article.language for article in articles}):
        # In the order of the index, which is that of the ids.
        ids = sorted(article.id for article in articles if article.language == language)
        labels = _labels(calibration, ids)
        found[language] = judge(arranged(ids, phrasings), labels)
    main = found[main_language(articles)]
    return Judges(
        key=key,
        by_language={language: one.judge for language, one in found.items()},
        expected=main.expected,
        cuts=main.cuts,
    )


def _labels(calibration: Calibration | None, ids: Sequence[str]) -> Labels | None:
    """The questions that speak about these articles; those about articles that went do not."""
    if calibration is None:
        return None
    place = {name: number for number, name in enumerate(ids)}
    taken = [one for one in calibration.questions if one.article is None or one.article in place]
    vectors = np.frombuffer(b"".join(one.vector for one in taken), dtype="<f4")
    right = tuple(None if one.article is None else place[one.article] for one in taken)
    return Labels(vectors.reshape(len(taken), -1), right) if taken else None


def _key(
    articles: Sequence[Article], phrasings: Sequence[Phrasing], calibration: Calibration | None
) -> str:
    digest = sha256(_RECIPE.encode())
    for article in articles:
        digest.update(f"\n{article.id} {article.language}".encode())
    for phrasing in phrasings:
        digest.update(f"\n{phrasing.article} {phrasing.kind} {phrasing.digest}".encode())
    for one in calibration.questions if calibration else ():
        digest.update(f"\n{one.article}".encode() + one.vector)
    return digest.hexdigest()


def packed(judges: Judges) -> bytes:
    """Half precision moves a logit by less than a hundredth, and halves the bytes."""
    arrays: dict[str, NDArray[Any]] = {}
    gates = {}
    for place, (language, one) in enumerate(sorted(judges.by_language.items())):
        gates[language] = {"place": place, **asdict(one.gate)}
        if one.head is not None:
            arrays[f"weights-{place}"] = one.head.weights.astype(np.float16)
            arrays[f"bias-{place}"] = one.head.bias.astype(np.float32)
    expected = asdict(judges.expected) if judges.expected else None
    about = {"key": judges.key, "gates": gates, "expected": expected, "cuts": judges.cuts}
    arrays[_ABOUT] = np.frombuffer(json.dumps(about).encode(), dtype=np.uint8)
    handle = BytesIO()
    np.savez(handle, allow_pickle=False, **arrays)
    return handle.getvalue()


def unpacked(data: bytes) -> Judges | None:
    """None for an edition without judges. Raises `KnowledgeError` for bytes that are others'."""
    if not data:
        return None
    try:
        with np.load(BytesIO(data), allow_pickle=False) as arrays:
            about = json.loads(arrays[_ABOUT].tobytes())
            gates = about["gates"].items()
            return Judges(
                key=about["key"],
                by_language={language: _judge(one, arrays) for language, one in gates},
                expected=Expected(**about["expected"]) if about["expected"] else None,
                cuts=(about["cuts"][0], about["cuts"][1]),
            )
    except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile) as exc:
        raise KnowledgeError("what it is judged by cannot be read: ingest it again") from exc


def _judge(about: dict[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Judge:
    place = about.pop("place")
    gate = Gate(**{**about, "weights": tuple(about["weights"])})
    if f"weights-{place}" not in arrays:
        return Judge(gate=gate)
    weights = np.asarray(arrays[f"weights-{place}"], dtype=np.float32)
    bias = np.asarray(arrays[f"bias-{place}"], dtype=np.float32)
    return Judge(gate=gate, head=Head(weights=weights, bias=bias))
