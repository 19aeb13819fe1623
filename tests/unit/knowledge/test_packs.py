"""The packs: phrasings enough for each article, and held-out questions that are no phrasing."""

import json
import re
from collections import Counter
from itertools import product

import pytest
from rapidfuzz import fuzz

from bot.domain.knowledge import Article
from knowledge.sources import pack_names, pack_path, read_paths

PHRASINGS = 8
QUESTIONS = 80
OUTSIDE = 20
NEARLY_EQUAL = 85.0
LARGEST_ANSWER = 1200


def articles(pack: str) -> tuple[Article, ...]:
    found, faults = read_paths([pack_path(pack)])
    assert faults == ()
    return found


def questions(pack: str) -> list[tuple[str, str | None]]:
    lines = (pack_path(pack) / "questions.jsonl").read_text("utf-8").splitlines()
    read = [json.loads(line) for line in lines]
    assert all(set(one) == {"question", "article"} for one in read)
    return [(one["question"], one["article"]) for one in read]


def plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


@pytest.mark.parametrize("pack", pack_names())
def test_every_article_has_phrasings_of_its_own(pack: str):
    found = articles(pack)
    said = Counter(plain(text) for one in found for text in (one.question, *one.variants))
    assert [text for text, count in said.items() if count > 1] == []
    assert [one.id for one in found if len(one.variants) < PHRASINGS] == []
    assert [one.id for one in found if len(one.answer) > LARGEST_ANSWER] == []


@pytest.mark.parametrize("pack", pack_names())
def test_the_questions_held_out_are_enough_and_balanced(pack: str):
    held = questions(pack)
    about = Counter(article for _, article in held)
    ids = {one.id for one in articles(pack)}
    assert len(held) >= QUESTIONS
    assert about[None] >= OUTSIDE
    assert set(about) == {*ids, None}
    assert max(about[name] for name in ids) <= 2 * min(about[name] for name in ids)
    assert len({plain(question) for question, _ in held}) == len(held)


@pytest.mark.parametrize("pack", pack_names())
def test_no_question_held_out_is_nearly_a_phrasing(pack: str):
    said = [plain(text) for one in articles(pack) for text in (one.question, *one.variants)]
    near = [
        (question, text)
        for (question, _), text in product(questions(pack), said)
        if fuzz.token_sort_ratio(plain(question), text) >= NEARLY_EQUAL
    ]
    assert near == []
