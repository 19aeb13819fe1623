"""Each rule that ships fires in a dialogue, and tells the customer, the card and the hand-off."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.review import heard_in
from bot.core.words import ENGLISH, Key
from bot.domain.handoff import Handoff
from bot.domain.knowledge import Article
from bot.domain.line import Mode
from bot.domain.message import HandoffCard, Text
from bot.domain.rules import Rule
from bot.domain.skill import PendingSkill
from tests.fakes.reader import FakeReader
from tests.fakes.writer import FakeWriter
from tests.unit.core.house import ADA, PAYING, RETURNS, ROOM, SHIPPED, STAFF_ROOM, House, line

LINE = line(staff_room=STAFF_ROOM, help_line="Call 0800 1, day and night.")
ASKED = {
    "fraud": "phishing",
    "billing_dispute": "declined",
    "privacy_request": "delete my data",
    "safety": "emergency",
}
SIGNALS = {
    "self_harm": "ending it",
    "distress": "desperate",
    "anger": "furious",
    "fraud": "stolen",
    "harassment": "threatens",
    "safety": "on fire",
    "legal_threat": "lawyer",
    "billing_dispute": "overcharged",
    "privacy_request": "delete my data",
}
ANSWER_FIRST = {"fraud", "billing-dispute", "privacy-request", "safety"}
CALLS: dict[str, Key] = {
    "fraud": "handed_over_fraud",
    "billing-dispute": "handed_over_billing",
    "privacy-request": "handed_over_privacy",
    "safety": "handed_over_safety",
}
KNOWN_TOLD = {
    "fraud": Article(id="stolen", question="My card was stolen", answer="Block it."),
    "billing-dispute": Article(id="twice", question="You overcharged me", answer="Look twice."),
    "privacy-request": Article(id="data", question="Delete my data", answer="In your account."),
    "safety": Article(id="hot", question="The charger is on fire", answer="Leave it."),
}
KNOWN_ASKED = {
    "fraud": Article(id="safe", question="How do I report phishing?", answer="Like this."),
    "billing-dispute": Article(id="no", question="Why was my payment declined?", answer="Funds."),
    "privacy-request": Article(id="how", question="How do I delete my data?", answer="So."),
    "safety": Article(id="what", question="What counts as an emergency?", answer="This."),
}
KNOWN = (*KNOWN_TOLD.values(), *KNOWN_ASKED.values())
SECRET = Article(id="secret", question="Is my cover enough", answer="Yes.", human_led=True)


def house(**how) -> House:
    return House(LINE, reader=FakeReader(signals=SIGNALS), **how)


def handoff(of: House) -> Handoff:
    held = of.conversation()
    assert held.handoff is not None
    assert held.holder == "waiting"
    return held.handoff


def words(key: Key) -> str:
    return ENGLISH[key].format(wait="10 minutes", help_line="Call 0800 1, day and night.")


def card(of: House) -> HandoffCard:
    rows = [row for row in of.channel.shown if row.address == STAFF_ROOM]
    return next(part for part in rows[-1].parts if isinstance(part, HandoffCard))


@pytest.mark.parametrize(
    ("rule", "said", "priority", "key"),
    [
        ("asks-for-person", "a human please", "normal", "handed_over"),
        ("self-harm", "I think of ending it", "urgent", "handed_over_self_harm"),
        ("distress", "I am desperate", "high", "handed_over_distress"),
        ("fraud", "my card was stolen", "high", "handed_over_fraud"),
        ("safety", "the stove is on fire", "high", "handed_over_safety"),
        ("harassment", "my colleague threatens me", "high", "handed_over_safety"),
        ("legal", "you hear from my lawyer", "high", "handed_over_legal"),
        ("billing-dispute", "you overcharged me", "normal", "handed_over_billing"),
        ("privacy-request", "delete my data", "normal", "handed_over_privacy"),
    ],
)
async def test_words_that_call_a_person(rule: str, said: str, priority: str, key: Key):
    of = house()
    await of.say(said)
    opened = handoff(of)
    assert (opened.rule, opened.priority) == (rule, priority)
    assert opened.reason == ("asked" if rule == "asks-for-person" else "rule")
    assert of.told()[-1] == words(key)
    assert (card(of).rule, card(of).priority) == (rule, priority)
    assert bool(of.library.asked) == (rule in ANSWER_FIRST)


@pytest.mark.parametrize("rule", sorted(ANSWER_FIRST))
async def test_an_approved_answer_is_said_before_the_call(rule: str):
    of = house()
    of.library.put("shop", *KNOWN)
    await of.say(KNOWN_TOLD[rule].question)
    assert (handoff(of).rule, handoff(of).reason) == (rule, "rule")
    assert of.told()[-2:] == [KNOWN_TOLD[rule].answer, words(CALLS[rule])]
    assert handoff(of).human_led is False


@pytest.mark.parametrize("writer", [None, FakeWriter("Freely", "written.")])
@pytest.mark.parametrize("rule", sorted(ANSWER_FIRST))
async def test_who_only_asks_gets_the_answer_and_the_offer_of_a_person(
    rule: str, writer: FakeWriter | None
):
    of = House(LINE, reader=FakeReader(signals=ASKED), writer=writer)
    of.library.put("shop", *KNOWN)
    await of.say(KNOWN_ASKED[rule].question)
    assert of.told()[-2:] == [KNOWN_ASKED[rule].answer, ENGLISH["person_offered"]]
    assert of.conversation().holder == "bot"
    assert of.decisions() == ["answer"]
    assert [(one.winner, one.offered and one.offered.name) for one in of.judged] == [
        (None, None),
        (None, rule),
    ]
    await of.say("yes please")
    assert (handoff(of).rule, handoff(of).reason) == (None, "asked")


async def test_a_report_does_not_read_an_answer_that_is_not_sure():
    of = house()
    of.library.put("shop", *KNOWN)
    of.library.decisions["My card was stolen at home"] = "answer"
    await of.say("My card was stolen at home")
    assert handoff(of).rule == "fraud"
    assert of.told()[-1] == words("handed_over_fraud")
    assert KNOWN_TOLD["fraud"].answer not in of.told()


async def test_a_mere_question_without_an_answer_calls_a_person():
    of = house()
    await of.say("what about xyzzy, how do you delete my data")
    assert handoff(of).rule == "privacy-request"
    assert of.told()[-1] == words("handed_over_privacy")


async def test_a_vip_who_only_asks_is_called_a_person():
    of = house(tags={"max": ("vip",)})
    of.library.put("shop", *KNOWN)
    await of.say(KNOWN_ASKED["privacy-request"].question)
    assert handoff(of).rule == "vip"


async def test_what_is_a_persons_alone_is_not_answered_first():
    of = house()
    of.library.put("shop", *KNOWN, replace(SECRET, question="My card was stolen abroad"))
    await of.say("My card was stolen abroad")
    assert handoff(of).rule == "fraud"
    await of.press("cancel")
    await of.say(f"{KNOWN_TOLD['fraud'].question} my lawyer asks")
    assert not {SECRET.answer, KNOWN_TOLD["fraud"].answer} & set(of.told())


async def test_a_rule_may_call_before_all_answers():
    rules = [replace(one, answer_first=False) for one in SHIPPED]
    of = house(rules=rules)
    of.library.put("shop", *KNOWN)
    await of.say(KNOWN_ASKED["privacy-request"].question)
    assert handoff(of).rule == "privacy-request"
    assert of.library.asked == []


async def test_a_broken_library_keeps_nobody_from_a_person():
    of = house()
    await of.library.close()
    await of.say("my card was stolen")
    assert handoff(of).rule == "fraud"


@pytest.mark.parametrize("mode", ["off", "share"])
async def test_a_line_that_sends_all_to_people_still_says_why(mode: Mode):
    of = House(replace(LINE, mode=mode, share_percent=0), reader=FakeReader(signals=SIGNALS))
    await of.say("my card was stolen")
    assert (handoff(of).rule, handoff(of).priority) == ("fraud", "high")


async def test_a_help_line_is_told_even_where_none_is_set():
    of = House(line(), reader=FakeReader(signals=SIGNALS))
    await of.say("I think of ending it")
    assert ENGLISH["help_line"] in of.told()[-1]


async def test_two_unknowns():
    of = house()
    await of.say("xyzzy")
    assert of.conversation().holder == "bot"
    await of.say("plugh")
    assert (handoff(of).rule, handoff(of).reason) == ("two-unknowns", "unknowns")


@pytest.mark.parametrize(
    "dialogue",
    [
        (RETURNS.question, "That's not what I asked!", "xyzzy"),
        (RETURNS.question, "no", "xyzzy"),
        ("xyzzy", RETURNS.question, "👎"),
        (RETURNS.question, "sorry, wrong answer, xyzzy plugh frobnicate"),
    ],
)
async def test_a_rejected_answer_and_an_unknown(dialogue: tuple[str, ...]):
    of = house()
    for said in dialogue[:-1]:
        await of.say(said)
        assert of.conversation().holder == "bot"
    await of.say(dialogue[-1])
    assert (handoff(of).rule, handoff(of).reason) == ("rejected-and-unknown", "unknowns")


async def test_a_rejected_answer_alone_is_regretted_and_an_accepted_one_forgives():
    of = house()
    await of.say(RETURNS.question)
    await of.say("that's not what I asked")
    assert of.told()[-1] == ENGLISH["rejected"]
    assert of.decisions()[-1] == "rejected"
    for said in (PAYING.question, "thanks", "xyzzy"):
        await of.say(said)
    assert of.conversation().holder == "bot"


async def test_rising_anger():
    of = house()
    await of.say("I am furious")
    assert of.conversation().holder == "bot"
    await of.say("really furious")
    assert (handoff(of).rule, handoff(of).priority) == ("rising-anger", "high")
    assert of.told()[-1] == words("handed_over_anger")


async def test_a_vip():
    of = house(tags={"max": ("vip", "wholesale")})
    await of.say(RETURNS.question)
    assert (handoff(of).rule, handoff(of).priority) == ("vip", "high")
    await of.say(RETURNS.question, room=replace(ROOM, room="r2"), sender="moritz")
    assert of.told(replace(ROOM, room="r2"))[-1] == RETURNS.answer


async def test_a_failing_skill():
    of = house()
    await of.say(RETURNS.question)
    held = of.conversation()
    pending = PendingSkill(skill="order_status", asker="max", failures=2)
    of.truth.world.conversations[held.id] = replace(held, pending=pending)
    await of.say("4711")
    assert (handoff(of).rule, handoff(of).reason) == ("failing-skill", "skill")


@pytest.mark.parametrize("writer", [None, FakeWriter("Yes, it is.")])
async def test_the_bot_never_answers_a_human_led_topic(writer: FakeWriter | None):
    of = house(writer=writer)
    of.library.put("shop", SECRET, RETURNS)
    await of.say(SECRET.question)
    assert handoff(of).rule == "human-led-topic"
    assert of.told()[-1] == words("handed_over_topic")
    assert SECRET.answer not in of.told()
    await of.press("cancel")
    await of.say(f"{RETURNS.question}? {SECRET.question}?")
    assert handoff(of).rule == "human-led-topic"
    assert SECRET.answer not in of.told()


async def test_a_human_led_topic_that_is_pressed_or_asked_while_waiting():
    of = House(line(answers_while_waiting=True), reader=FakeReader(signals=SIGNALS))
    of.library.put("shop", SECRET, RETURNS)
    await of.press("article:secret")
    assert handoff(of).rule == "human-led-topic"
    await of.say(RETURNS.question)
    assert RETURNS.answer not in of.told(), "the call is a person's alone"
    await of.press("cancel")
    await of.say("a human please")
    await of.say(SECRET.question)
    assert SECRET.answer not in of.told()


# --- rules of one's own -----------------------------------------------------------------------


def with_rule(when: str, **how) -> list[Rule]:
    return [*SHIPPED, Rule(name="own", when=when, **how)]


async def test_an_answer_is_said_before_the_call_unless_it_is_a_persons_alone():
    own = "A person joins within {wait}."
    of = house(rules=with_rule("article.id == 'returns'", words=own, team="care"))
    await of.say(RETURNS.question)
    assert of.told()[-2:] == [RETURNS.answer, "A person joins within 10 minutes."]
    assert [rung.team for rung in handoff(of).ladder] == ["care", "care"]
    assert handoff(of).rule == "own"
    alone = house(rules=with_rule("article.id == 'returns'", human_led=True))
    await alone.say(RETURNS.question)
    assert RETURNS.answer not in alone.told()


async def test_an_answer_that_would_be_written_is_said_as_approved():
    of = house(rules=with_rule("confidence > 0.5"), writer=FakeWriter("By post, of course."))
    await of.say(RETURNS.question)
    assert of.told()[-2:] == [RETURNS.answer, words("handed_over")]


async def test_a_written_turn_that_comes_to_nothing_is_an_unknown():
    of = house(writer=FakeWriter("You can", "return it by post."))
    await of.say("xyzzy")
    await of.event(Text(text=RETURNS.question))
    await of.work(of.truth.jobs.pop(0))
    of.library.put("shop")
    await of.run()
    assert of.decisions() == ["unknown", "composing"]
    assert of.told()[-1] == ENGLISH["unknown"]
    assert of.judged[-1].facts.decided is not None
    assert of.judged[-1].facts.decided.decision == "unknown"


async def test_the_highest_priority_wins_and_then_the_first():
    rules = with_rule("turns == 1", priority="urgent")
    of = house(rules=[*rules, Rule(name="later", when="true", priority="urgent")])
    await of.say("my card was stolen")
    assert handoff(of).rule == "own"


async def test_a_rule_that_cannot_be_decided_does_not_fire_and_others_go_on(caplog):
    rules = with_rule("turns / 0 > 1", priority="urgent")
    of = house(rules=[*rules, Rule(name="half", when="reading.anger / reading.fraud > 0.1")])
    await of.say("my secret lawyer")
    assert handoff(of).rule == "legal"
    faults = {v.rule.name for one in of.judged for v in one.verdicts if v.fault}
    assert faults == {"own", "half"}
    assert {record.message for record in caplog.records} == {"rule_failed"}
    assert {record.rule for record in caplog.records} == {"own", "half"}
    assert "secret" not in caplog.text


async def test_a_rule_is_for_its_lines():
    of = house(rules=[Rule(name="it-only", when="true", lines=("it",))])
    await of.say(RETURNS.question)
    assert of.conversation().holder == "bot"


async def test_a_more_pressing_word_while_waiting_makes_the_call_more_pressing():
    of = house()
    await of.say("a human please")
    version = of.conversation().version
    await of.say("I think of ending it")
    assert (handoff(of).rule, handoff(of).priority) == ("self-harm", "urgent")
    assert of.told()[-1] == words("handed_over_self_harm")
    assert card(of).priority == "urgent"
    assert of.conversation().version == version
    said = len(of.told())
    await of.say("my card was stolen")
    assert (handoff(of).rule, len(of.told())) == ("self-harm", said)


async def test_a_person_at_work_is_not_disturbed_by_rules():
    of = house()
    await of.say("a human please")
    await of.desk.act(of.handoff, "claim", ADA)
    judged = len(of.judged)
    await of.say("my card was stolen")
    assert len(of.judged) == judged


async def test_the_talk_before_a_person_handed_it_back_does_not_count():
    of = house()
    await of.say("xyzzy")
    await of.say("a human please")
    await of.desk.act(of.handoff, "claim", ADA)
    of.clock.advance(timedelta(minutes=1))
    await of.desk.act(of.handoff, "hand_back", ADA)
    of.clock.advance(timedelta(minutes=1))
    await of.say("plugh")
    assert of.conversation().holder == "bot"
    assert of.judged[-1].facts.turns == 1


async def test_a_call_that_is_open_counts_once():
    of = house()
    await of.say("a human please")
    await of.say("a human, I said")
    assert [one.winner.name for one in of.judged if one.winner] == ["asks-for-person"]


async def test_an_answer_that_is_turned_down_is_seen_in_review():
    of = house()
    await of.say(RETURNS.question)
    await of.say("that's not what I asked")
    (heard,) = heard_in(of.transcript())
    assert (heard.text, heard.refused) == (RETURNS.question, True)
