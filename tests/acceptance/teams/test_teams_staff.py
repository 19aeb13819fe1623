"""The staff side in Teams: every button of the card, words by its box and by the thread."""

import pytest

from tests.acceptance.teams.conftest import ROOM, Teams, buttons, escalated, offered

pytestmark = pytest.mark.acceptance


async def test_every_button_and_the_box_where_the_thread_is_not_heard(teams: Teams):
    thread, card = await escalated(teams, "a:ada", "the blue lamp", by="ada")
    now = offered(card)
    assert list(now) == ["Claim", "Note"]
    noted = await teams.press(thread, now["Note"], by="linus", words="a key account")
    assert "Claim" in buttons(noted["value"])
    await teams.hears(thread, "Linus noted: a key account")
    claimed = buttons((await teams.press(thread, now["Claim"], by="grace"))["value"])
    await teams.hears("a:ada", "Grace has joined")

    refused = await teams.press(thread, claimed["Reply"], by="linus", words="Not mine")
    assert "Grace has this conversation" in refused["value"]
    empty = await teams.press(thread, claimed["Reply"], by="grace", words=" ")
    assert "empty" in empty["value"]
    for _ in range(3):  # Teams sends a press again when the answer was slow
        said = await teams.press(thread, claimed["Reply"], by="grace", words="It is on its way.")
        assert said["type"] == "application/vnd.microsoft.card.adaptive"
    again = buttons(said["value"])
    await teams.press(thread, again["Reply"], by="grace", words="It is on its way.")
    await teams.until(lambda _: sum("on its way" in t for t in teams.double.shown("a:ada")) == 2)
    await teams.press(thread, again["Note"], by="grace", words="she sounds upset")
    await teams.hears(thread, "Grace noted: she sounds upset")

    released = buttons((await teams.press(thread, again["Release"], by="grace"))["value"])
    theirs = buttons((await teams.press(thread, released["Claim"], by="linus"))["value"])
    taken = buttons((await teams.press(thread, theirs["Take over"], by="grace"))["value"])
    back = await teams.press(thread, taken["Hand back to the bot"], by="grace")
    assert not buttons(back["value"])
    await teams.say("a:ada", "how long does delivery take?")
    await teams.hears("a:ada", "[1]")
    heard = "\n".join(teams.double.shown("a:ada"))
    assert "upset" not in heard
    assert "Not mine" not in heard
    assert "key account" not in heard


async def test_a_client_without_execute_presses_by_a_message(teams: Teams):
    thread, card = await escalated(teams, "a:bob", "the red chair", by="bob")
    await teams.say(thread, "", by="grace", value=offered(card)["Claim"])
    await teams.hears("a:bob", "Grace has joined")
    await teams.until(lambda _: "Resolve" in offered(card))
    reply = {**offered(card)["Reply"], "words": "We have it in stock."}
    await teams.say(thread, "", by="grace", value=reply)
    await teams.hears("a:bob", "We have it in stock.")
    await teams.say(thread, "", by="grace", value=offered(card)["Resolve"])
    await teams.until(lambda _: not offered(card))


async def test_edits_and_deletions_reach_the_customer_and_reactions_do_not(teams: Teams):
    thread, card = await escalated(teams, "a:cy", "the green door", by="cy")
    await teams.press(thread, offered(card)["Claim"], by="grace")
    await teams.say(thread, "It costs 10 euros", by="grace", id="said-1")
    await teams.hears("a:cy", "10 euros")
    changed = {"type": "messageUpdate", "channelData": {"eventType": "editMessage"}}
    await teams.say(thread, "It costs 12 euros", by="grace", id="said-1", **changed)
    shown = await teams.hears("a:cy", "12 euros")
    assert not any("10 euros" in one for one in teams.double.shown("a:cy"))
    liked = {"type": "messageReaction", "reactionsAdded": [{"type": "like"}]}
    await teams.say("a:cy", "", by="cy", replyToId=shown["id"], **liked)
    await teams.say(thread, "", by="grace", id="said-1", type="messageDelete")
    await teams.until(lambda _: not any("12 euros" in t for t in teams.double.shown("a:cy")))
    assert not any("like" in one for one in teams.double.shown(thread))


async def test_who_is_not_staff_gets_nothing_through(teams: Teams):
    thread, card = await escalated(teams, "a:di", "the old clock", by="di")
    told = await teams.press(thread, offered(card)["Note"], by="mallory", words="evil")
    assert told["type"] == "application/vnd.microsoft.activity.message"
    await teams.say(thread, "I will tell them", by="mallory")
    await teams.press(thread, offered(card)["Claim"], by="grace")
    await teams.hears("a:di", "Grace has joined")
    await teams.press(thread, offered(card)["Resolve"], by="grace")
    everything = "\n".join([*teams.double.shown("a:di"), *teams.double.shown(ROOM)])
    assert "I will tell them" not in everything
    assert "evil" not in everything
