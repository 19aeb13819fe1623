"""The files of the page: they load under their own policy, and never build HTML from words."""

import re
from pathlib import Path

import pytest

import bot.server.desk.pages
from tests.unit.server.desk.house import House

FOLDER = Path(bot.server.desk.pages.__file__).parent / "page"
HTML = sorted(p.name for p in FOLDER.glob("*.html"))
SCRIPTS = sorted(p.name for p in FOLDER.glob("*.js"))


@pytest.mark.parametrize("name", HTML)
def test_pages_have_nothing_inline(name: str):
    page = (FOLDER / name).read_text()
    assert "<style" not in page
    assert not re.search(r"\son\w+=|\sstyle=|javascript:", page)
    assert not re.search(r"<script(?![^>]*\ssrc=)", page)
    assert '<html lang="en">' in page
    assert "<title>" in page


@pytest.mark.parametrize("name", HTML + SCRIPTS)
async def test_what_pages_ask_for_is_there(house: House, name: str):
    source = (FOLDER / name).read_text()
    asked = re.findall(r"/desk/assets/([\w.]+)", source) + re.findall(r'from "\./([\w.]+)"', source)
    visitor = await house.visitor()
    for asset in asked:
        answer = await visitor.get(f"/desk/assets/{asset}")
        assert answer.status == 200
        assert answer.content_type in ("text/css", "text/javascript", "image/svg+xml")


@pytest.mark.parametrize("name", SCRIPTS)
def test_words_never_become_html(name: str):
    source = (FOLDER / name).read_text()
    for sink in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert sink not in source


async def test_assets_are_asked_for_once(house: House):
    visitor = await house.visitor()
    first = await visitor.get("/desk/assets/desk.css")
    again = await visitor.get(
        "/desk/assets/desk.css", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert (again.status, await again.read()) == (304, b"")


@pytest.mark.parametrize("name", ["desk.html", "..%2fpages.py", "pages.py", "%00", "nothing.js"])
async def test_nothing_else_is_served(house: House, name: str):
    assert (await (await house.visitor()).get(f"/desk/assets/{name}")).status == 404
