"""The page, its files and the widget: what they hold, and what they allow."""

import re

from bot.server.chat.assets import FOLDER, load
from tests.unit.server.chat.house import SHOP, House, soon


async def test_the_page_runs_nothing_of_its_own(house: House):
    answer = await soon(house.browser.get("/chat"))
    page = await answer.text()
    assert (answer.status, answer.content_type) == (200, "text/html")
    assert "The shop" in page
    assert not re.search(r"<style|style=|\son\w+=|<script(?![^>]*src=)", page)
    assert "//" not in page.replace("<!doctype", "")


async def test_the_policy_of_the_page(house: House):
    policy = (await soon(house.browser.get("/chat"))).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert policy.endswith(f"frame-ancestors 'self' {SHOP}")


async def test_a_line_by_name(house: House):
    page = await (await soon(house.browser.get("/chat?line=it&embed=1"))).text()
    assert 'data-line="it" data-embed="yes"' in page
    assert "IT &lt;b&gt;desk&lt;/b&gt;" in page
    assert "<b>" not in page


async def test_a_line_that_does_not_exist(house: House):
    answer = await soon(house.browser.get("/chat?line=%3Cscript%3E"))
    assert answer.status == 404
    assert "script" not in await answer.text()


async def test_everything_the_page_names_is_there(house: House):
    page = await (await soon(house.browser.get("/chat"))).text()
    named = re.findall(r'(?:href|src)="([^"]+)"', page)
    assert len(named) > 5
    for path in named:
        answer = await soon(house.browser.get(f"/{path}"))
        assert answer.status == 200
        assert "immutable" in answer.headers["Cache-Control"]


async def test_every_module_that_is_imported_is_there_and_loads_early():
    page = (FOLDER.parent / "page.html").read_text(encoding="utf-8")
    for path in FOLDER.glob("*.js"):
        for name in re.findall(r'from "\./([\w.]+)"', path.read_text(encoding="utf-8")):
            assert (FOLDER / name).exists()
            assert f'modulepreload" href="$assets/{name}"' in page


async def test_files_are_revalidated_by_their_tag(house: House):
    url = "/chat/assets/old/app.css"
    first = await soon(house.browser.get(url))
    assert first.headers["Cache-Control"] == "no-cache"
    again = await soon(house.browser.get(url, headers={"If-None-Match": first.headers["ETag"]}))
    assert again.status == 304


async def test_no_other_file_can_be_had(house: House):
    for name in ("page.html", "..%2fpage.py", "%2e%2e", "page.py"):
        assert (await soon(house.browser.get(f"/chat/assets/x/{name}"))).status == 404


async def test_the_widget_may_be_loaded_from_anywhere(house: House):
    answer = await soon(house.browser.get("/chat/widget.js"))
    assert answer.content_type == "text/javascript"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_no_file_makes_markup_of_text():
    for name, asset in load().files.items():
        banned = re.search(
            rb"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(", asset.body
        )
        assert not banned, name
        assert b"//cdn" not in asset.body
