"""Files are read into articles; every fault is named, and the rest goes in all the same."""

import json
from pathlib import Path

import pytest

from bot.domain.errors import KnowledgeError
from bot.domain.knowledge import Article
from knowledge.sources import LARGEST_BYTES, pack_names, pack_path, read_paths

WHOLE = """---
id: track
question: Where is my parcel?
variants:
  - tracking
  - no
  - 404
  - "yes: really"
url: https://shop.example/track
language: no
verbatim_only: true
human_led: false
---
Open the link.

- It is in the mail.
"""

PAGE = """---
language: de
---
# Questions

Some words before.

## How do I *pay*?
By card.

### Note
In euros.

```
# not a heading?
```

## About us

We are old.

Where are you?
--------------
Here.
"""


def put(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def line(**fields: object) -> str:
    return json.dumps({"id": "a", "question": "a?", "answer": "A."} | fields) + "\n"


def only_fault(*paths: Path) -> str:
    articles, faults = read_paths(paths)
    assert articles == ()
    assert len(faults) == 1
    return faults[0]


def test_front_matter_makes_one_article(tmp_path: Path):
    articles, faults = read_paths([put(tmp_path, "track.md", WHOLE)])
    assert faults == ()
    assert articles == (
        Article(
            id="track",
            question="Where is my parcel?",
            variants=("tracking", "no", "404", "yes: really"),
            answer="Open the link.\n\n- It is in the mail.",
            url="https://shop.example/track",
            language="no",
            source="track.md",
            verbatim_only=True,
        ),
    )


def test_headings_that_ask_make_articles(tmp_path: Path):
    articles, faults = read_paths([put(tmp_path, "faq.md", PAGE)])
    assert faults == ()
    assert [(one.id, one.question, one.language) for one in articles] == [
        ("how-do-i-pay", "How do I pay?", "de"),
        ("where-are-you", "Where are you?", "de"),
    ]
    assert articles[0].answer.startswith("By card.\n\n### Note\nIn euros.")
    assert articles[0].answer.endswith("# not a heading?\n```")
    assert articles[1].answer == "Here."


def test_a_question_without_latin_letters_has_a_lasting_id(tmp_path: Path):
    path = put(tmp_path, "faq.md", "## 送料はいくらですか\uff1f\n\n無料です。\n")
    ((article,), _) = read_paths([path])
    assert article.id.startswith("q-")
    assert read_paths([path])[0] == (article,)


def test_json_lines_make_articles(tmp_path: Path):
    text = (
        line(variants=["b", " b ", ""], url=None, language="pt-BR")
        + "\n"
        + line(id="c", answer="A.\u2028B.")
    )
    articles, faults = read_paths([put(tmp_path, "faq.jsonl", text)])
    assert faults == ()
    assert [(one.id, one.variants, one.language) for one in articles] == [
        ("a", ("b",), "pt-BR"),
        ("c", (), "en"),
    ]


@pytest.mark.parametrize("prefix", [b"\xef\xbb\xbf", b""])
def test_a_byte_order_mark_and_other_line_ends_are_fine(tmp_path: Path, prefix: bytes):
    path = put(tmp_path, "a.md", prefix + WHOLE.replace("\n", "\r\n").encode())
    ((article,), faults) = read_paths([path])
    assert faults == ()
    assert article.id == "track"


def test_a_folder_is_read_whole_and_sources_are_relative(tmp_path: Path):
    put(tmp_path, "b/c/deep.jsonl", line())
    put(tmp_path, "a.MD", WHOLE)
    put(tmp_path, ".git/config.md", "no")
    articles, faults = read_paths([tmp_path])
    assert faults == ()
    assert [one.source for one in articles] == ["a.MD", "b/c/deep.jsonl"]


def test_of_a_pack_only_the_articles_are_read(tmp_path: Path):
    put(tmp_path, "shop/pack.toml", 'name = "shop"')
    put(tmp_path, "shop/questions.jsonl", '{"question": "x", "article": "y"}\n')
    put(tmp_path, "shop/articles/track.md", WHOLE)
    articles, faults = read_paths([tmp_path / "shop"])
    assert faults == ()
    assert [one.source for one in articles] == ["articles/track.md"]
    assert len(read_paths([tmp_path])[0]) == 1


def test_a_link_that_leads_back_up_is_not_followed(tmp_path: Path):
    put(tmp_path, "a.md", WHOLE)
    (tmp_path / "loop").symlink_to(tmp_path)
    assert len(read_paths([tmp_path])[0]) == 1


@pytest.mark.parametrize(
    ("name", "text", "place", "why"),
    [
        ("a.md", "---\nid: x\n---\nwords", "a.md", "no question"),
        ("a.md", "---\nquestion: x\n---\n \n", "a.md", "empty"),
        ("a.md", "---\nquestion: a: b\n---\nx", "a.md:2", "not YAML"),
        ("a.md", "---\n\tquestion: a\n---\nx", "a.md:2", "not YAML"),
        ("a.md", "---\n- a\n---\nx", "a.md", "key: value"),
        ("a.md", "---\nquestion: a", "a.md", "close it"),
        ("a.md", "---\nquestion: a\nvariants: b\n---\nx", "a.md", "must be a list"),
        ("a.md", "---\nquestion: a\nvariants:\n  - b: c\n---\nx", "a.md", "variant 1 must be text"),
        ("a.md", "---\nquestion: [a]\n---\nx", "a.md", "`question` must be text"),
        ("a.md", "---\nquestion: a\nhuman_led: maybe\n---\nx", "a.md", "true or false"),
        ("a.md", "---\nquestion: a\nlanguage: English!\n---\nx", "a.md", "a code such as"),
        ("a.md", "---\nquestion: a\nurl: javascript:x\n---\nx", "a.md", "https://"),
        ("a.md", "---\nquestion: a\nid: a b\n---\nx", "a.md", "change it"),
        ("a.md", "", "a.md", "nothing in it"),
        ("a.md", "# A\n\n---\n", "a.md", "nothing in it"),
        ("a.md", "---\nquestion: a\nlines: A b\n---\nx", "a.md", "names of lines"),
        ("a.md", "---\nquestion: a\nreview_by: soon\n---\nx", "a.md", "a day such as"),
        ("a.md", "## Why?\n\n## \n", "a.md:1", "empty"),
        ("a.md", b"---\nquestion: caf\xe9\n---\nx", "a.md:2", "UTF-8"),
        ("a.jsonl", "\n{nope\n", "a.jsonl:2", "not JSON"),
        ("a.jsonl", "[" * 100_000, "a.jsonl:1", "not JSON"),
        ("a.jsonl", "[1]\n", "a.jsonl:1", "not an object"),
        ("a.jsonl", line(question=7), "a.jsonl:1", "`question` must be text"),
        ("a.jsonl", line(question=None), "a.jsonl:1", "no question"),
        ("a.jsonl", line(answer=" "), "a.jsonl:1", "empty"),
        ("a.jsonl", line(variants=["a", 2]), "a.jsonl:1", "variant 2 must be text"),
        ("a.jsonl", line(verbatim_only=3), "a.jsonl:1", "true or false"),
        ("a.jsonl", line(answer="\ud800"), "a.jsonl:1", "half a character"),
        ("a.txt", "x", "a.txt", "use .md"),
        ("noending", "x", "noending", "use .md"),
        ("a.md", b"x" * (LARGEST_BYTES + 1), "a.md", "larger than 10 MB"),
    ],
)
def test_a_fault_names_the_place_and_the_remedy(
    tmp_path: Path, name: str, text: str | bytes, place: str, why: str
):
    fault = only_fault(put(tmp_path, name, text))
    assert fault.startswith(f"{tmp_path / place}: ")
    assert why in fault
    assert fault.endswith(".")


def test_an_empty_folder_and_a_missing_path_are_faults(tmp_path: Path):
    assert "holds no articles" in only_fault(tmp_path)
    assert "check the path" in only_fault(tmp_path / "nowhere")


def test_the_good_ones_go_in_beside_the_broken(tmp_path: Path):
    text = line(id="one") + "nope\n" + line(id="two")
    articles, faults = read_paths([put(tmp_path, "a.jsonl", text)])
    assert [one.id for one in articles] == ["one", "two"]
    assert len(faults) == 1


def test_the_second_with_an_id_is_left_out(tmp_path: Path):
    path = put(tmp_path, "a.jsonl", line() + line(answer="B."))
    articles, faults = read_paths([path, put(tmp_path, "b.jsonl", line())])
    assert [one.answer for one in articles] == ["A."]
    assert faults[0] == f"{path}:2: the id 'a' is taken by {path}:1: rename one of them."
    assert f"b.jsonl:1: the id 'a' is taken by {path}:1" in faults[1]


def test_a_key_that_means_nothing_is_named_and_the_article_kept(tmp_path: Path):
    text = "---\nquestion: a\nvarients:\n  - b\n---\nx"
    articles, faults = read_paths([put(tmp_path, "a.md", text)])
    assert len(articles) == 1
    assert "'varients'" in faults[0]


@pytest.mark.parametrize("name", pack_names())
def test_the_packs_have_no_faults(name: str):
    articles, faults = read_paths([pack_path(name)])
    assert faults == ()
    assert len(articles) >= 40
    lines = (pack_path(name) / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    asked = [json.loads(one) for one in lines]
    assert {one["article"] for one in asked} - {None} <= {one.id for one in articles}


def test_an_unknown_pack_is_an_error():
    assert {"shop", "it-helpdesk"} <= set(pack_names())
    with pytest.raises(KnowledgeError, match="it-helpdesk"):
        pack_path("../shop")
