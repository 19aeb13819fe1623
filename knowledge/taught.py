"""Joins what operators have approved to the articles of a source, and parts them again."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.knowledge import Article
from bot.domain.teaching import Proposal

SOURCE = "desk"
"""The source of articles that no document holds."""
_MARK = "desk-"


def alone(articles: Sequence[Article]) -> tuple[Article, ...]:
    """The articles as their source gave them, without what was approved beside them."""
    return tuple(
        replace(one, taught=()) if one.taught else one for one in articles if not _is_taught(one)
    )


def joined(articles: Sequence[Article], decided: Sequence[Proposal]) -> tuple[Article, ...]:
    """The articles of a source with all that is approved.

    A phrasing whose article is not there waits until it is.
    """
    lessons = [one for one in decided if one.state == "approved"]
    known = {one.id for one in articles}
    made = [_article(one) for one in lessons if one.kind == "article"]
    whole = (*articles, *(one for one in made if one.id not in known))
    phrasings: dict[str, list[str]] = {}
    for one in lessons:
        if one.kind == "phrasing":
            phrasings.setdefault(one.article_id(), []).extend(one.questions)
    return tuple(_with(one, phrasings.get(one.id, ())) for one in whole)


def _with(article: Article, texts: Sequence[str]) -> Article:
    said = set(article.asked())
    taught = tuple(text for text in dict.fromkeys(texts) if text not in said)
    return replace(article, taught=taught) if taught else article


def _article(lesson: Proposal) -> Article:
    # What one line's people said is for that line's customers; nothing crosses lines.
    return Article(
        id=lesson.article_id(),
        question=lesson.questions[0],
        answer=lesson.answer,
        variants=lesson.questions[1:],
        language=lesson.language,
        source=SOURCE,
        lines=(lesson.line,),
    )


def _is_taught(article: Article) -> bool:
    return article.source == SOURCE and article.id.startswith(_MARK)
