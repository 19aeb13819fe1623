"""What every library must do, whatever it searches with."""

import pytest

from bot.domain.errors import KnowledgeError
from bot.domain.knowledge import Article
from bot.domain.ports import Library, Reader
from bot.domain.reading import Reading

RETURNS = Article(
    id="returns",
    question="How do I send something back?",
    variants=("return an item", "I want to return my shoes", "return label"),
    answer="Print the label and drop the parcel off within 30 days.",
    url="https://shop.example/returns",
    source="articles/returns.md",
)
PAYING = Article(
    id="paying",
    question="How can I pay?",
    variants=("payment methods", "do you take credit cards", "can I pay with a voucher"),
    answer="By card, by bank transfer or with a voucher.",
    source="articles/paying.md",
)
HOURS = Article(
    id="hours",
    question="When are you open?",
    variants=("opening hours", "are you open on Sundays", "what time do you close"),
    answer="Monday to Friday from 8 to 20.",
)
HOURS_DE = Article(
    id="hours-de",
    question="Wann haben Sie geöffnet?",
    variants=("Öffnungszeiten", "haben Sie sonntags offen"),
    answer="Montag bis Freitag von 8 bis 20 Uhr.",
    language="de",
)
VPN = Article(
    id="vpn",
    question="How do I connect to the VPN?",
    variants=("vpn setup", "vpn does not connect"),
    answer="Open the client and sign in.",
)
STAFF = Article(
    id="staff-discount",
    question="How much is the discount for our own staff?",
    variants=("staff discount", "employee price"),
    answer="A third off, with the staff card.",
    lines=("it",),
)
SHOP = (RETURNS, PAYING, HOURS, HOURS_DE, STAFF)
HELPDESK = (VPN,)


class LibrarySuite:
    """Subclass it: `library` holds `SHOP` as "shop" and `HELPDESK` as "it-helpdesk"."""

    @pytest.fixture
    def library(self) -> Library:
        raise NotImplementedError

    @pytest.fixture
    def reader(self) -> Reader:
        raise NotImplementedError

    async def test_a_phrasing_asked_word_for_word_is_answered(
        self, library: Library, reader: Reader
    ):
        for article in (RETURNS, PAYING, HOURS):
            reading = await reader.read(article.question)
            found = await library.consult("shop", article.question, reading)
            assert found.decision == "answer"
            assert found.passages[0].article == article.id
            assert found.passages[0].text == article.answer
            assert found.passages[0].question == article.question
            assert found.version >= 1

    async def test_a_passage_names_its_source(self, library: Library, reader: Reader):
        found = await library.consult("shop", RETURNS.question, await reader.read(RETURNS.question))
        assert found.passages[0].url == RETURNS.url
        assert found.passages[0].source == RETURNS.source

    async def test_passages_are_few_and_best_first(self, library: Library, reader: Reader):
        question = "can I pay when I return an item"
        found = await library.consult("shop", question, await reader.read(question))
        scores = [one.score for one in found.passages]
        assert 1 <= len(scores) <= 3
        assert scores == sorted(scores, reverse=True)
        assert 0.0 <= found.confidence <= 1.0

    @pytest.mark.parametrize("question", ["qwpoeiru zzmxnb", "xkcd jkl"])
    async def test_nonsense_is_not_known(self, library: Library, reader: Reader, question: str):
        found = await library.consult("shop", question, await reader.read(question))
        assert found.decision == "unknown"

    async def test_a_wordless_message_is_not_known(self, library: Library):
        found = await library.consult("shop", "", Reading())
        assert found.decision == "unknown"
        assert found.passages == ()
        assert found.confidence == 0.0

    async def test_nothing_crosses_knowledge_bases(self, library: Library, reader: Reader):
        reading = await reader.read(VPN.question)
        found = await library.consult("shop", VPN.question, reading)
        assert VPN.id not in [one.article for one in found.passages]
        assert await library.article("shop", VPN.id) is None
        inside = await library.consult("it-helpdesk", VPN.question, reading)
        assert inside.passages[0].article == VPN.id

    async def test_a_reading_in_another_language_is_served_in_it(
        self, library: Library, reader: Reader
    ):
        vector = (await reader.read(HOURS_DE.question)).vector
        reading = Reading(vector=vector, language="de")
        found = await library.consult("shop", HOURS_DE.question, reading)
        assert [one.article for one in found.passages] == [HOURS_DE.id]

    async def test_a_language_it_has_not_falls_back(self, library: Library, reader: Reader):
        vector = (await reader.read(HOURS.question)).vector
        reading = Reading(vector=vector, language="fi")
        found = await library.consult("shop", HOURS.question, reading)
        assert found.passages[0].article == HOURS.id

    async def test_an_article_is_found_by_id(self, library: Library):
        found = await library.article("shop", HOURS_DE.id)
        assert found is not None
        assert (found.article, found.text) == (HOURS_DE.id, HOURS_DE.answer)
        assert await library.article("shop", "no-such-article") is None

    async def test_words_without_slips_are_left_alone(self, library: Library):
        for text in (RETURNS.question, "I want to return my shoes", ""):
            assert await library.mend("shop", text) == text
        with pytest.raises(KnowledgeError, match="nowhere"):
            await library.mend("nowhere", "hi")

    async def test_a_passage_tells_its_language(self, library: Library):
        found = await library.article("shop", HOURS_DE.id)
        assert found is not None
        assert found.language == "de"

    async def test_an_article_is_found_only_by_lines_it_is_open_to(
        self, library: Library, reader: Reader
    ):
        reading = await reader.read(STAFF.question)
        found = await library.consult("shop", STAFF.question, reading, "it")
        assert found.passages[0].article == STAFF.id
        hidden = await library.consult("shop", STAFF.question, reading, "shop")
        assert STAFF.id not in [one.article for one in hidden.passages]
        assert await library.article("shop", STAFF.id, "shop") is None
        assert await library.article("shop", STAFF.id, "it") is not None

    async def test_an_unknown_knowledge_base_is_an_error(self, library: Library):
        with pytest.raises(KnowledgeError, match="nowhere"):
            await library.consult("nowhere", "hi", Reading())
        with pytest.raises(KnowledgeError, match="nowhere"):
            await library.article("nowhere", "hours")

    async def test_a_closed_library_refuses(self, library: Library):
        await library.close()
        with pytest.raises(KnowledgeError):
            await library.article("shop", HOURS.id)
        await library.close()
