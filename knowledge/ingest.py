"""Turns articles into the next edition of a knowledge base, encoding only what is new."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Literal

import numpy as np

from bot.domain.errors import Conflict, KnowledgeError
from bot.domain.knowledge import Article, Calibration, IngestReport
from bot.domain.ports import Clock, Edition, Phrasing, Shelf
from bot.domain.teaching import Proposal
from knowledge import judges
from knowledge.diff import compared
from knowledge.encoder import ArticleEncoder, finite
from knowledge.judges import Judges
from knowledge.taught import alone, joined

Progress = Callable[[int, int], None]

_BATCH = 64
# Somebody else publishing at the same moment; more in a row means something else is wrong.
_TRIES = 5
_BUSY = "{kb} is being published by others; try again when they are done."


@dataclass(frozen=True, slots=True)
class _Text:
    article: str
    kind: Literal["question", "question_answer"]
    text: str
    digest: str


async def ingest(
    shelf: Shelf,
    encoder: ArticleEncoder,
    clock: Clock,
    *,
    kb: str,
    articles: Sequence[Article],
    progress: Progress = lambda _done, _all: None,
) -> IngestReport:
    """Publish `articles` as the whole of `kb`; until the last commit the old edition serves.

    What operators have approved beside them is kept.

    `progress` hears how many texts are encoded, of how many. Raises `KnowledgeError` for no
    articles or two with one id, `Conflict` when others keep publishing.
    """
    _check(kb, articles)
    work = _Ingest(shelf, encoder, clock, kb, tuple(articles), progress)
    for _ in range(_TRIES):
        try:
            return await work.publish()
        except Conflict:
            continue  # read again what is live; what has been encoded is still known
    raise Conflict(_BUSY.format(kb=kb))


async def ingest_again(
    shelf: Shelf,
    encoder: ArticleEncoder,
    clock: Clock,
    *,
    kb: str,
    progress: Progress = lambda _done, _all: None,
) -> IngestReport:
    """Publish what is live once more: by new labelled questions, or with what was approved.

    An edition that goes live meanwhile is not undone: then that one is published again. Raises
    `KnowledgeError` where nothing is live, `Conflict` when others keep publishing.
    """
    for _ in range(_TRIES):
        live = next((one for one in await shelf.live() if one.kb == kb), None)
        articles = await shelf.articles(kb, live.version) if live else ()
        if live and len(articles) != live.articles:
            continue  # it has been replaced so often that its rows are gone
        work = _Ingest(shelf, encoder, clock, kb, alone(articles), progress)
        try:
            return await work.publish(made_from=live.version if live else 0)
        except Conflict:
            continue
    raise Conflict(_BUSY.format(kb=kb))


def _check(kb: str, articles: Sequence[Article]) -> None:
    if not articles:
        raise KnowledgeError(f"There are no articles for {kb}: nothing is published.")
    twice = [name for name, count in Counter(one.id for one in articles).items() if count > 1]
    if twice:
        raise KnowledgeError(f"Two articles of {kb} have the id {twice[0]}.")


class _Ingest:
    def __init__(
        self,
        shelf: Shelf,
        encoder: ArticleEncoder,
        clock: Clock,
        kb: str,
        articles: tuple[Article, ...],
        progress: Progress,
    ) -> None:
        self._shelf = shelf
        self._encoder = encoder
        self._clock = clock
        self._kb = kb
        self._given = articles
        self._articles = articles
        self._texts: list[_Text] = []
        self._progress = progress
        self._vectors: dict[str, bytes] = {}
        self._encoded = 0
        self._began = clock.now()

    async def publish(self, made_from: int | None = None) -> IngestReport:
        """Raises `Conflict` where another version is live than it is `made_from`."""
        live = next((one for one in await self._shelf.live() if one.kb == self._kb), None)
        version = live.version if live else 0
        if made_from not in (None, version):
            raise Conflict(f"{self._kb} was published by somebody else")
        before = await self._shelf.articles(self._kb, version) if live else ()
        decided = await self._join()
        if live:
            for phrasing in await self._shelf.phrasings(self._kb, version):
                self._vectors[phrasing.digest] = phrasing.vector
        await self._encode()
        phrasings = [
            Phrasing(article=one.article, kind=one.kind, digest=one.digest,
                     vector=self._vectors[one.digest])
            for one in self._texts
        ]  # fmt: skip
        judged = await self._judged(phrasings, live)
        edition = Edition(
            kb=self._kb,
            version=version,
            fingerprint=self._encoder.fingerprint,
            articles=len(self._articles),
            gate=judged.cuts,
            made_at=self._clock.now(),
            judge=judges.packed(judged),
        )
        published = await self._shelf.publish(edition, self._articles, phrasings)
        await self._shelf.published([one for one in decided if one.pending], published)
        return replace(self._report(published, before), expected=judged.expected)

    async def _join(self) -> tuple[Proposal, ...]:
        """Take up what is approved by now: read after what is live, so that none gets lost."""
        decided = await self._shelf.decided(self._kb)
        self._articles = joined(self._given, decided)
        _check(self._kb, self._articles)
        fingerprint = self._encoder.fingerprint
        self._texts = [text for one in self._articles for text in _texts(one, fingerprint)]
        return decided

    async def _judged(self, phrasings: Sequence[Phrasing], live: Edition | None) -> Judges:
        """Trained and calibrated, or those of the live edition where nothing has changed."""
        try:
            before = judges.unpacked(live.judge) if live else None
        except KnowledgeError:  # made by another program: they are made anew
            before = None
        calibration = await self._shelf.calibration(self._kb)
        if calibration is not None and calibration.fingerprint != self._encoder.fingerprint:
            calibration = await asyncio.to_thread(_encoded, calibration, self._encoder)
        return await asyncio.to_thread(judges.made, self._articles, phrasings, calibration, before)

    async def _encode(self) -> None:
        new = {one.digest: one.text for one in self._texts if one.digest not in self._vectors}
        # Neighbours in length share a batch, so that little of it is padding.
        pairs = sorted(new.items(), key=lambda pair: len(pair[1]))
        for start in range(0, len(pairs), _BATCH):
            batch = pairs[start : start + _BATCH]
            vectors = await asyncio.to_thread(
                finite, self._encoder.encode, [text for _, text in batch]
            )
            for (digest, _), vector in zip(batch, vectors, strict=True):
                self._vectors[digest] = np.asarray(vector, dtype="<f4").tobytes()
            self._encoded += len(batch)
            self._progress(start + len(batch), len(pairs))

    def _report(self, version: int, before: Sequence[Article]) -> IngestReport:
        found = compared(before, self._articles)
        return IngestReport(
            kb=self._kb,
            version=version,
            added=len(found.added),
            changed=len(found.changed),
            removed=len(found.removed),
            unchanged=found.unchanged,
            encoded=self._encoded,
            seconds=(self._clock.now() - self._began).total_seconds(),
        )


def _encoded(calibration: Calibration, encoder: ArticleEncoder) -> Calibration:
    """The same questions with the vectors of another encoder."""
    vectors = finite(encoder.encode, [one.question for one in calibration.questions])
    questions = tuple(
        replace(one, vector=np.asarray(vector, dtype="<f4").tobytes())
        for one, vector in zip(calibration.questions, vectors, strict=True)
    )
    return Calibration(fingerprint=encoder.fingerprint, questions=questions)


def _texts(article: Article, fingerprint: str) -> list[_Text]:
    """Each phrasing once, then question and answer together."""
    asked = dict.fromkeys(text.strip() for text in article.asked())
    whole = f"{article.question.strip()}\n{article.answer.strip()}"
    made = [
        _Text(article.id, "question", text, _digest(text, fingerprint)) for text in asked if text
    ]
    return [*made, _Text(article.id, "question_answer", whole, _digest(whole, fingerprint))]


def _digest(text: str, fingerprint: str) -> str:
    return sha256(f"{fingerprint}\n{text}".encode("utf-8", "surrogatepass")).hexdigest()
