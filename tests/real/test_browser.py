"""A customer and two members of staff in real browsers, from the question to the closed request."""

import asyncio
import base64
import re
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, Route, expect

from tests.support.program import Program

pytestmark = pytest.mark.real

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
expect.set_options(timeout=20_000)


@asynccontextmanager
async def page_of(browser: Browser, url: str, size: dict[str, int]) -> AsyncIterator[Page]:
    """A page of its own browser profile; a script error or a broken policy fails the test."""
    context = await browser.new_context(viewport=size)  # type: ignore[arg-type]  # a TypedDict
    page = await context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda message: (
            complaints.append(message.text) if "Content Security Policy" in message.text else None
        ),
    )
    await page.goto(url)
    yield page
    await context.close()
    assert complaints == []


async def say(page: Page, words: str) -> None:
    await page.get_by_label("Your message").fill(words)
    await page.keyboard.press("Enter")


async def sign_in(program: Program, login: str) -> str:
    made = await asyncio.to_thread(program.command, "staff", "link", login)
    return f"{program.base}/desk/login?token={made.stdout.split('token=')[1].strip()}"


async def violations(page: Page, axe: str) -> list[str]:
    """What axe-core finds that is serious or worse."""
    # Evaluated by the debugger, which the page's own policy does not bind.
    await page.evaluate(axe)
    found = await page.evaluate("async () => (await axe.run()).violations")
    return [v["id"] for v in found if v["impact"] in ("serious", "critical")]


async def test_a_customer_is_answered_with_a_source_and_told_when_not(
    browser: Browser, program: Program, axe: str, artefacts: Path
):
    async with page_of(browser, f"{program.base}/chat", PHONE) as page:
        log = page.get_by_role("log", name="Messages")
        await say(page, "how long do i have to return something?")
        await expect(log).to_contain_text("30 days")
        await expect(log.get_by_role("link").first).to_be_visible()
        await say(page, "purple elephants quantum sing")
        await expect(log).to_contain_text("do not know the answer")
        await expect(log.get_by_role("button", name="Talk to a person")).to_be_visible()
        assert await violations(page, axe) == []
        await page.screenshot(path=artefacts / "chat-phone.png")
        await page.reload()
        await expect(log).to_contain_text("30 days")
        await expect(log.get_by_text("purple elephants quantum sing")).to_have_count(1)


async def test_script_in_a_message_is_only_words(browser: Browser, program: Program):
    async with page_of(browser, f"{program.base}/chat", PHONE) as page:
        evil = "<img src=x onerror=alert(1)><script>alert(2)</script> delivery"
        page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
        await say(page, evil)
        await expect(page.get_by_role("log", name="Messages")).to_contain_text("<img src=x")
        assert await page.locator("main img").count() == 0


async def test_the_conversation_survives_a_lost_connection(browser: Browser, program: Program):
    async with page_of(browser, f"{program.base}/chat", PHONE) as page:
        log = page.get_by_role("log", name="Messages")
        await say(page, "can i pay by card?")
        await expect(log).to_contain_text("card")
        await page.context.set_offline(True)
        await say(page, "how long does delivery take?")
        await page.context.set_offline(False)
        # The source of the answer is called like the question.
        answer = log.locator("article.bot", has_text="2 to 4 working days")
        await expect(answer).to_have_count(1)
        question = log.locator("article.customer", has_text="how long does delivery take?")
        await expect(question).to_have_count(1)


async def test_a_person_is_one_message_away_and_the_bot_steps_back(  # noqa: PLR0915  one journey
    browser: Browser, program: Program, axe: str, artefacts: Path
):
    about = f"my parcel {secrets.token_hex(4)} is broken"
    async with (
        page_of(browser, f"{program.base}/chat", PHONE) as chat,
        page_of(browser, await sign_in(program, "owner"), DESK) as desk,
    ):
        log = chat.get_by_role("log", name="Messages")
        await say(chat, about)
        await say(chat, "can I talk to someone")
        await expect(log).to_contain_text("I have asked a person")
        await desk.locator("#slips").get_by_text(about).first.click()
        assert await violations(desk, axe) == []
        await desk.screenshot(path=artefacts / "desk-waiting.png")
        await desk.get_by_role("button", name="Claim").click()
        await expect(log).to_contain_text("has joined")
        await say(chat, "are you a person?")
        talk = desk.get_by_role("log", name="Conversation")
        await expect(talk).to_contain_text("are you a person?")
        await desk.get_by_label("Reply to the customer").fill("Yes, I am. I will send a new one.")
        await desk.screenshot(path=artefacts / "desk-claimed.png")
        await desk.get_by_role("button", name="Send to customer").click()
        await expect(log).to_contain_text("I will send a new one")
        await desk.get_by_label("Internal note").check()
        await desk.locator("#text").fill("broken on arrival, replacement ordered")
        await desk.locator("#send").click()
        await expect(talk).to_contain_text("replacement ordered")
        await chat.screenshot(path=artefacts / "chat-person.png")
        await desk.get_by_role("button", name="Resolve").click()
        await _confirm(desk)
        await expect(log).to_contain_text("has closed this request")
        await expect(log).not_to_contain_text("replacement ordered")
        await say(chat, "how long does delivery take?")
        await expect(log).to_contain_text("working days")
        await say(chat, "can i pay by card?")
        await expect(desk.locator("#slips")).not_to_contain_text(about)


async def test_the_claimer_is_helped_and_the_customer_asked_how_it_was(
    browser: Browser, program: Program, axe: str, artefacts: Path
):
    about = f"my kettle {secrets.token_hex(4)} hums"
    async with (
        page_of(browser, f"{program.base}/chat", PHONE) as chat,
        page_of(browser, await sign_in(program, "owner"), DESK) as desk,
    ):
        log, panel = chat.get_by_role("log", name="Messages"), desk.locator("#assist")
        await _claimed(chat, desk, about)
        await expect(desk.locator("#facts")).to_contain_text("The customer asked for a person.")
        await expect(desk.locator("#facts")).to_contain_text("web chat, English")
        await say(chat, "how long does delivery take?")
        await expect(panel).to_contain_text("Suggested reply")
        await expect(panel).to_contain_text("2 to 4 working days")
        assert await violations(desk, axe) == []
        await desk.screenshot(path=artefacts / "desk-assist.png")
        await panel.get_by_role("button", name="Send this").click()
        await expect(log.locator("article.staff")).to_contain_text("2 to 4 working days")
        await expect(panel).to_be_hidden()
        await say(chat, "can i pay by card?")
        await panel.get_by_role("button", name="Edit first").click()
        await expect(desk.get_by_label("Reply to the customer")).to_have_value(re.compile("card"))
        await desk.get_by_label("Reply to the customer").fill("")
        await desk.get_by_label("Suggested replies").uncheck()
        await expect(panel).to_be_hidden()
        await desk.get_by_label("Suggested replies").check()
        await panel.get_by_role("button", name="Dismiss").click()
        await expect(panel).to_be_hidden()
        await desk.get_by_role("button", name="Resolve").click()
        await _confirm(desk)
        await log.get_by_role("button", name="5", exact=False).last.click()
        await expect(desk.locator("#facts")).to_contain_text("5 of 5")
        await desk.screenshot(path=artefacts / "desk-ended.png")


async def test_each_side_sees_the_other_type_and_replies_are_marked(
    browser: Browser, program: Program, axe: str, artefacts: Path
):
    about = f"my lamp {secrets.token_hex(4)} flickers"
    async with (
        page_of(browser, f"{program.base}/chat", PHONE) as chat,
        page_of(browser, await sign_in(program, "owner"), DESK) as desk,
    ):
        log = chat.get_by_role("log", name="Messages")
        talk = desk.get_by_role("log", name="Conversation")
        await _claimed(chat, desk, about)
        await desk.get_by_label("Reply to the customer").press_sequentially("It costs")
        await expect(chat.locator("#typing")).to_have_text("Owner is typing")
        assert await violations(chat, axe) == []
        await _send(desk, "It costs 40.")
        await expect(log).to_contain_text("It costs 40.")
        await expect(chat.locator("#typing")).to_be_empty()
        reply = talk.locator("article.staff", has_text="It costs 40.")
        await expect(reply.locator(".delivery")).to_contain_text("Delivered")
        await chat.get_by_label("Your message").press_sequentially("That is")
        await expect(desk.locator("#typing")).to_have_text("The customer is typing")
        assert await violations(desk, axe) == []
        await desk.screenshot(path=artefacts / "desk-typing.png")
        await expect(desk.locator("#typing")).to_be_empty()  # by itself


async def test_a_reply_is_changed_and_another_taken_back(  # noqa: PLR0915  one journey
    browser: Browser, program: Program, axe: str, artefacts: Path
):
    about = f"my clock {secrets.token_hex(4)} is late"
    async with (
        page_of(browser, f"{program.base}/chat", PHONE) as chat,
        page_of(browser, await sign_in(program, "owner"), DESK) as desk,
    ):
        log = chat.get_by_role("log", name="Messages")
        talk = desk.get_by_role("log", name="Conversation")
        await _claimed(chat, desk, about)
        await _send(desk, "It costs 40.")
        await expect(log).to_contain_text("It costs 40.")
        reply = talk.locator("article.staff", has_text="It costs 40.")
        await reply.get_by_role("button", name="Edit").click()
        await desk.get_by_role("dialog").get_by_label("Your reply").fill("It costs 45.")
        assert await violations(desk, axe) == []
        await desk.get_by_role("button", name="Save the change").click()
        await expect(log).not_to_contain_text("It costs 40.")
        changed = log.locator("article.staff", has_text="It costs 45.")
        await expect(changed).to_contain_text("edited")
        await _send(desk, "// she is upset")
        await expect(desk.locator("#verdict")).to_contain_text("Kept as a note")
        await _send(desk, "Wrong window, sorry.")
        await expect(log).to_contain_text("Wrong window")
        wrong = talk.locator("article.staff", has_text="Wrong window")
        await wrong.get_by_role("button", name="Take back").click()
        await _confirm(desk)
        await expect(log).to_contain_text("Message removed")
        await expect(talk.locator("article.removed")).to_contain_text("Wrong window")
        for _ in range(2):  # as it stands, and read again from the beginning
            await expect(log).not_to_contain_text("Wrong window")
            await expect(log).not_to_contain_text("It costs 40.")
            await expect(log).not_to_contain_text("she is upset")
            await expect(log.get_by_text("Message removed")).to_have_count(1)
            await expect(changed).to_contain_text("edited")
            await chat.reload()
            await expect(log).to_contain_text("It costs 45.")
        assert await violations(chat, axe) == []
        await desk.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a TypedDict
        assert await violations(desk, axe) == []
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not await desk.evaluate(wide)
        await desk.screenshot(path=artefacts / "desk-changed-phone.png")


async def test_files_go_both_ways(
    browser: Browser, program: Program, axe: str, artefacts: Path, tmp_path: Path
):
    about = f"my cup {secrets.token_hex(4)} is cracked"
    photo, label, script = tmp_path / "cup.png", tmp_path / "label.pdf", tmp_path / "run.pdf"
    photo.write_bytes(PIXEL)
    label.write_bytes(b"%PDF-1.4 a label")
    script.write_text("<script>alert(1)</script>")
    async with (
        page_of(browser, f"{program.base}/chat", PHONE) as chat,
        page_of(browser, await sign_in(program, "owner"), DESK) as desk,
    ):
        log = chat.get_by_role("log", name="Messages")
        talk = desk.get_by_role("log", name="Conversation")
        await _claimed(chat, desk, about)
        await chat.locator("#file").set_input_files(photo)
        await expect(log.get_by_role("button", name="cup.png")).to_be_visible()
        await expect(talk.get_by_role("link", name="Download cup.png")).to_be_visible()
        await expect(talk.locator("img.thumb")).to_have_js_property("naturalWidth", 1)
        async with desk.expect_download() as saving:
            await talk.get_by_role("link", name="Download cup.png").click()
        assert (await (await saving.value).path()).read_bytes() == PIXEL
        await chat.locator("#file").set_input_files(script)
        await expect(chat.locator("#file-note")).to_contain_text("Only pictures")
        await desk.locator("#file").set_input_files(label)
        await _confirm(desk)
        await expect(talk).to_contain_text("Download label.pdf")
        async with chat.expect_download() as fetching:
            await log.get_by_role("button", name="label.pdf").click()
        assert (await (await fetching.value).path()).read_bytes() == label.read_bytes()
        assert await violations(chat, axe) == []
        assert await violations(desk, axe) == []
        await chat.screenshot(path=artefacts / "chat-files.png")
        await desk.screenshot(path=artefacts / "desk-files.png")


async def _send(desk: Page, words: str) -> None:
    await desk.locator("#text").fill(words)
    await desk.locator("#send").click()


async def _claimed(chat: Page, desk: Page, about: str) -> None:
    """A customer writes, asks for a person, and the one at the desk claims it."""
    log = chat.get_by_role("log", name="Messages")
    await say(chat, about)
    await say(chat, "can I talk to someone")
    await expect(log).to_contain_text("I have asked a person")
    await desk.locator("#slips").get_by_text(about).first.click()
    await desk.get_by_role("button", name="Claim").click()
    await expect(log).to_contain_text("has joined")


async def test_two_desks_claim_at_once(browser: Browser, program: Program):
    about = f"the kettle {secrets.token_hex(4)} leaks"
    await asyncio.to_thread(program.command, "staff", "add", "second", "--name", "Second desk")
    async with (
        page_of(browser, f"{program.base}/chat", PHONE) as chat,
        page_of(browser, await sign_in(program, "owner"), DESK) as one,
        page_of(browser, await sign_in(program, "second"), DESK) as two,
    ):
        await say(chat, about)
        await say(chat, "can I talk to someone")
        for desk in (one, two):
            await desk.locator("#slips").get_by_text(about).first.click()
            await expect(desk.get_by_role("button", name="Claim")).to_be_visible()
        await _start_together(one, two)
        claims = [d.get_by_role("button", name="Claim").click() for d in (one, two)]
        await asyncio.gather(*claims)
        for desk in (one, two):
            await expect(desk.locator("#actions")).not_to_contain_text("Claim")
        told = [await desk.locator("#opened").inner_text() for desk in (one, two)]
        mine = [await desk.locator("#composer").is_visible() for desk in (one, two)]
        assert sorted(mine) == [False, True]
        winner = ("Owner", "Second desk")[mine.index(True)]
        assert winner in told[mine.index(False)]


async def test_the_chat_works_by_keyboard_alone(browser: Browser, program: Program):
    async with page_of(browser, f"{program.base}/chat", DESK) as page:
        await page.get_by_label("Your message").focus()
        await page.keyboard.type("purple elephants quantum sing")
        await page.keyboard.press("Enter")
        log = page.get_by_role("log", name="Messages")
        button = log.get_by_role("button", name="Talk to a person")
        await button.focus()
        await page.keyboard.press("Enter")
        await expect(log).to_contain_text("I have asked a person")


async def test_the_desk_is_quiet_to_strangers(browser: Browser, program: Program, axe: str):
    async with page_of(browser, f"{program.base}/desk", DESK) as page:
        await expect(page.get_by_role("button", name="Sign in")).to_be_visible()
        assert await violations(page, axe) == []


async def _start_together(*desks: Page) -> None:
    """Both have pressed before either claim is sent: else the slower one sees its button go."""
    pressed = asyncio.Barrier(len(desks))

    async def held(route: Route) -> None:
        await pressed.wait()
        await route.continue_()

    for desk in desks:
        await desk.route("**/claim", held)


async def _confirm(desk: Page) -> None:
    dialog = desk.locator("dialog#ask")
    if await dialog.is_visible():
        await dialog.get_by_role("button").last.click()
