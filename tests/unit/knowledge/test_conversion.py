"""Files of other kinds become articles; bad ones are named, and the rest goes in."""

from pathlib import Path

import pytest

from knowledge.conversion.converter import Converter
from knowledge.conversion.html import convert_html
from knowledge.conversion.shapes import Unreadable
from knowledge.sources import read_paths
from tests.unit.knowledge.papers import PARAGRAPH, bomb, pdf, word, workbook

FAQ: list[list[object]] = [
    ["Question", "Answer", "Phrasings", "Review date"],
    ["How do I pay?", "By card.", "payment; pay", None],
    ["", "An answer to nothing.", None, None],
    ["How long does it take?", "Two days.", None, "2027-01-31"],
]
PRICES: list[list[object]] = [["Item", "Price"], ["shoe | left", 12.0], [None, None], ["hat", 3.5]]
PAGE = """<!doctype html><html lang="de-AT"><head><title>Hilfe | Laden</title>
<script>alert(1)</script></head><body><header><a href="/">Laden</a></header>
<nav><a href="/about">Über uns</a></nav><main><h1>Lieferung</h1>
<!-- not for you --><p onclick="x()">Wir liefern <a href="zonen.html">überall hin</a>,
<a href="javascript:alert(1)">auch dorthin</a>.<img src="x" onerror="alert(1)"></p>
<section id="kosten"><h2>Kosten</h2><table><tr><th>Land</th><th>Euro</th></tr>
<tr><td>AT</td><td>4</td></tr></table></section>
<details><summary>Wie lange dauert es?</summary><p>Zwei Tage &lt;b&gt;.</p></details>
<style>p { color: red }</style></main><footer>Impressum</footer></body></html>"""


def test_a_web_page_keeps_what_is_said_on_it():
    found = convert_html(PAGE, "https://laden.example/hilfe/")
    assert (found.title, found.language) == ("Lieferung", "de")
    assert found.body == (
        "# Lieferung\n\nWir liefern [überall hin](https://laden.example/hilfe/zonen.html),\n"
        "auch dorthin.\n\n## Kosten {#kosten}\n\n| Land | Euro |\n| --- | --- |\n| AT | 4 |\n\n"
        "#### Wie lange dauert es?\n\nZwei Tage <b>."
    )
    assert found.links == (
        "https://laden.example/",
        "https://laden.example/about",
        "https://laden.example/hilfe/zonen.html",
    )


def test_files_of_all_kinds_become_articles(tmp_path: Path):
    (tmp_path / "delivery.html").write_text(PAGE)
    pdf(tmp_path / "guide.pdf", pages=4)
    word(tmp_path / "handbook.docx")
    workbook(tmp_path / "tables.xlsx", FAQ=FAQ, Prices=PRICES)
    (tmp_path / "more.csv").write_text("Frage;Antwort\nWas ist das?;Ein Ding.\n")
    articles, faults = read_paths([tmp_path])
    assert faults == (
        f"{tmp_path / 'tables.xlsx'}:3: there is no question: add `question: …`,"
        " as a customer would ask it.",
    )
    by_source: dict[str, list[str]] = {}
    for one in articles:
        by_source.setdefault(one.source, []).append(one.question)
    assert by_source == {
        "delivery.html": ["Lieferung", "Lieferung: Kosten", "Wie lange dauert es?"],
        "guide.pdf": [f"Delivery guide: Chapter {number}" for number in range(1, 5)],
        "handbook.docx": ["Delivery guide", "Delivery guide: Fees", "How long does it take?"],
        "more.csv": ["Was ist das?"],
        "tables.xlsx": ["How do I pay?", "How long does it take?", "Prices"],
    }


def test_a_pdf_keeps_headings_paragraphs_and_tables(tmp_path: Path):
    articles, faults = read_paths([pdf(tmp_path / "guide.pdf", pages=4)])
    assert faults == ()
    first = articles[0].answer
    assert first.startswith(PARAGRAPH.replace(",", ""))
    assert "| small | 1 Euro |" in first
    assert "Page" not in " ".join(one.answer for one in articles)


def test_a_word_document_keeps_lists_and_tables(tmp_path: Path):
    word(tmp_path / "a.docx")
    with Converter() as converter:
        body = converter.convert(tmp_path / "a.docx", "docx", "a.docx").body
    assert body.startswith("# Delivery guide\n\nAll about delivery.\n\n# Fees\n\n- small things")
    assert "| small | 1 Euro |" in body
    assert "<script>alert(1)</script>" in body  # as words, which the chat shows as words


def test_a_table_keeps_its_cells(tmp_path: Path):
    ((article,), _) = read_paths([workbook(tmp_path / "prices.xlsx", Prices=PRICES)])
    assert article.answer == "| Item | Price |\n| --- | --- |\n| shoe / left | 12 |\n| hat | 3.5 |"


def test_rows_bring_their_marks(tmp_path: Path):
    articles, _ = read_paths([workbook(tmp_path / "faq.xlsx", FAQ=FAQ)])
    assert articles[0].variants == ("payment", "pay")
    assert str(articles[1].review_by) == "2027-01-31"


def bad_files(folder: Path) -> dict[str, str]:
    """Writes a file for each and says what must be told of it."""
    pdf(folder / "locked.pdf", password="secret")  # noqa: S106 - of nothing
    bomb(folder / "bomb.docx", "word/document.xml")
    bomb(folder / "bomb.xlsx", "xl/workbook.xml")
    pdf(folder / "really-a-pdf.docx")
    (folder / "words.pdf").write_text("not a PDF")
    (folder / "empty.html").write_text("")
    (folder / "empty.pdf").write_text("")
    (folder / "cut.pdf").write_bytes(pdf(folder / "whole.pdf").read_bytes()[:900])
    (folder / "whole.pdf").unlink()
    (folder / "cut.docx").write_bytes(word(folder / "whole.docx").read_bytes()[:900])
    (folder / "whole.docx").unlink()
    (folder / "latin.csv").write_bytes("question,answer\nca\xe9,b\n".encode("latin-1"))
    (folder / "picture.csv").write_bytes(b"\x89PNG\r\n\0\0\0")
    (folder / "archive.xlsx").write_bytes(bomb(folder / "b.zip", "x", 1).read_bytes())
    (folder / "b.zip").unlink()
    (folder / "deep.html").write_text("<div>" * 20_000 + "deep")
    (folder / "old.docx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    pdf(folder / "scan.pdf", pages=0)
    return {
        "locked.pdf": "encrypted",
        "bomb.docx": "larger than 200 MB",
        "bomb.xlsx": "larger than 200 MB",
        "really-a-pdf.docx": "but a PDF",
        "words.pdf": "not a PDF",
        "empty.html": "empty",
        "empty.pdf": "empty",
        "cut.pdf": "damaged",
        "cut.docx": "not a .docx",
        "latin.csv": "UTF-8",
        "picture.csv": "not text",
        "archive.xlsx": "not a .xlsx",
        "deep.html": "nested too deeply",
        "old.docx": "encrypted, or of an old Office",
        "scan.pdf": "holds no text",
    }


def test_each_bad_file_is_named_and_the_rest_goes_in(tmp_path: Path):
    told = bad_files(tmp_path)
    (tmp_path / "good.html").write_text(PAGE)
    articles, faults = read_paths([tmp_path])
    assert {one.source for one in articles} == {"good.html"}
    named = {fault.split(": ", 1)[0].removeprefix(f"{tmp_path}/"): fault for fault in faults}
    assert named.keys() == told.keys()
    assert {name: told[name] in named[name] for name in told} == dict.fromkeys(told, True)


def test_what_kills_the_converter_is_named_and_the_next_is_read(tmp_path: Path):
    (tmp_path / "a.html").write_text(PAGE)
    with Converter(seconds=0) as hasty, pytest.raises(Unreadable, match="took too long"):
        hasty.convert(tmp_path / "a.html", "html", "a.html")
    with Converter() as converter:
        converter.convert(tmp_path / "a.html", "html", "a.html")
        assert converter._process is not None
        converter._process.kill()
        with pytest.raises(Unreadable, match="died of it"):
            converter.convert(tmp_path / "a.html", "html", "a.html")
        assert converter.convert(tmp_path / "a.html", "html", "a.html").title == "Lieferung"
