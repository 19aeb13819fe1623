"""A document of any length becomes articles: by its headings, and nothing of it is lost."""

from pathlib import Path

import pytest

from bot.domain.knowledge import Article
from knowledge.documents import Document, articles_of, document_id, title_of
from knowledge.fields import Found
from knowledge.pieces import LONGEST, pieces
from knowledge.sources import read_paths

GUIDE = """# Returns

All of it within thirty days.

## Damaged goods {#damaged}

Send a [photo](https://shop.example/photo).

| Size | Fee |
|------|-----|
| S    | 1 € |

### Large ones

We collect them.

## Who pays the postage?

We do.

### Abroad

You do.

## Damaged goods

Again.

## ---

"""


def cut(body: str, url: str | None = None, *, by_page: bool = True) -> list[Article]:
    document = Document(name="guide", title="Returns", body=body, url=url, ids_by_page=by_page)
    return [one.article for one in articles_of(document, "guide.md") if isinstance(one, Found)]


def test_each_heading_makes_an_article_under_the_title():
    found = cut(GUIDE)
    assert [(one.id, one.question) for one in found] == [
        ("guide", "Returns"),
        ("guide--damaged-goods", "Returns: Damaged goods"),
        ("guide--large-ones", "Returns: Large ones"),
        ("guide--who-pays-the-postage", "Who pays the postage?"),
        ("guide--damaged-goods-2", "Returns: Damaged goods"),
    ]
    assert found[3].answer == "We do.\n\n### Abroad\n\nYou do."


def test_a_text_without_questions_is_taken_in_whole():
    found = cut(GUIDE.replace("Who pays the postage?", "Postage"), url="https://shop.example/r")
    assert [(one.id, one.question) for one in found] == [
        ("guide", "Returns"),
        ("guide--damaged-goods", "Returns: Damaged goods"),
        ("guide--large-ones", "Returns: Large ones"),
        ("guide--postage", "Returns: Postage"),
        ("guide--abroad", "Returns: Abroad"),
        ("guide--damaged-goods-2", "Returns: Damaged goods"),
    ]
    assert found[1].url == "https://shop.example/r#damaged"
    assert found[2].url == "https://shop.example/r"
    assert "| S    | 1 € |" in found[1].answer
    assert "(https://shop.example/photo)" in found[1].answer


def test_on_a_page_of_questions_longer_texts_are_kept_as_well():
    body = f"# FAQ\n\nHello.\n\n## Why?\n\nSo.\n\n## About\n\n{'We are old. ' * 10}\n"
    assert [one.question for one in cut(body, by_page=False)] == ["Why?", "Returns: About"]


def test_marks_go_into_every_article(tmp_path: Path):
    front = "---\nlines: it, shop\nowner: ada\nreview_by: 2027-01-31\nverbatim: yes\n---\n"
    path = tmp_path / "guide.md"
    path.write_text(front + GUIDE)
    articles, faults = read_paths([path])
    assert faults == ()
    assert {(one.lines, one.owner, str(one.review_by), one.verbatim_only) for one in articles} == {
        (("it", "shop"), "ada", "2027-01-31", True)
    }


def test_a_file_without_headings_is_called_as_its_name_says(tmp_path: Path):
    path = tmp_path / "opening-hours.md"
    path.write_text("Monday to Friday.")
    ((article,), faults) = read_paths([path])
    assert faults == ()
    assert (article.id, article.question) == ("opening-hours", "Opening hours")
    assert title_of("\n## Open {#x} ##\n", "a.md") == "Open"


def test_lines_of_json_may_be_documents(tmp_path: Path):
    path = tmp_path / "docs.jsonl"
    path.write_text(
        '{"id": "a (general)", "title": "A", "content": "## One\\nx\\n## Two\\ny", "owner": "z"}\n'
        '{"id": "b", "title": "B", "content": ""}\n'
    )
    articles, faults = read_paths([path])
    assert [one.question for one in articles] == ["A: One", "A: Two"]
    assert {one.owner for one in articles} == {"z"}
    assert faults == (f"{path}:2: there is nothing in it: write an answer, or leave the file out.",)


def test_two_names_that_begin_alike_stay_apart():
    names = ["x" * 60, "x" * 61, "a (b)", "a-b", "手册", "说明"]
    assert len({document_id(name) for name in names}) == len(names)
    assert document_id("guide") == "guide"


@pytest.mark.parametrize(
    "text",
    [
        "\n\n".join(f"Paragraph {number}. " * 12 for number in range(30)),
        "One sentence of some length. " * 300,
        "x" * 9000,
        "```\n" + "\n\n".join("code" * 20 for _ in range(60)) + "\n```",
    ],
)
def test_pieces_are_short_and_hold_everything(text: str):
    found = list(pieces(text))
    assert max(len(one) for one in found) <= LONGEST
    assert "".join("".join(found).split()) == "".join(text.split())


def test_the_rows_of_a_long_table_keep_their_header():
    rows = "\n".join(f"| item {number} | {number} € |" for number in range(400))
    found = list(pieces(f"Prices\n\n| what | price |\n|---|---|\n{rows}"))
    assert len(found) > 3
    assert all("| what | price |\n|---|---|\n| item" in one for one in found)
    assert sum(one.count("| item") for one in found) == 400
