"""What was written before the database went away is said only where it may still be."""

from dataclasses import replace

from bot.core.writing import Written
from bot.core.written import still
from bot.domain.knowledge import Passage
from bot.domain.writing import Sentence, Usage

A = Passage(article="a", question="How?", text="By post.", score=1.0)
WRITTEN = Written(sentences=[Sentence(text="By post.", cites=("a",))], usage=Usage(tokens_in=3))


def test_it_is_said_while_its_articles_say_the_same():
    assert still(WRITTEN, (A,), (A,)) is WRITTEN


def test_it_is_not_said_once_they_have_gone_or_changed_but_counts_its_cost():
    for now in ((), (replace(A, text="In the shop."),)):
        ended = still(WRITTEN, (A,), now)
        assert (ended.cause, ended.sentences, ended.usage) == (
            "no_passages",
            [],
            Usage(tokens_in=3),
        )
