"""Requests for a person are heard; people who are merely mentioned are not."""

import time

import pytest

from knowledge.wants_human import normalised, wants_human

ASKED = (
    "human",
    "Agent!",
    "agent please",
    "REPRESENTATIVE",
    "operator",
    "real person now",
    "live agent",
    "a human, please",
    "humna",
    "reprsentative",
    "agnet pls",
    "can I talk to someone?",
    "Can I talk to someone about my bill please",
    "can i tlak to sombody",
    "talk to a person",
    "let me speak to a real person",
    "I would like to speak with a human being",
    "Good morning, would it be possible to speak with a member of staff?",
    "i wanna talk to an actual human",
    "lemme speak to ur manager",
    "how do I talk to a real person",
    "how can i contact a live agent",
    "is there someone I can speak to about this?",
    "Is there a real person there?",
    "anybody there?",
    "are there any humans here",
    "put me through",
    "Please put me through to customer service",
    "transfer me to an agent",
    "connect me with a representative",
    "pass me to a human please",
    "escalate this please",
    "hand this over to a colleague of yours, a person",
    "get me a human",
    "give me a person!",
    "I need a real person",
    "I want an agent now",
    "we need to talk to somebody from your team",
    "call me",
    "please call me back",
    "Can somebody call me about my order?",
    "I'd like a callback",
    "I don't want a bot",
    "i dont want to talk to a machine",
    "no bots",
    "not a bot please",
    "Stop. I don't want to talk to you!",
    "this bot is useless, get me someone who can help",
    "why can't I talk to a human?",
    "don't you have anyone I can talk to?",
    "I am sick of talking to robots",
    "YOU ARE USELESS GIVE ME A F*CKING HUMAN",
    "ffs just let me talk to a fucking person",
    "Could you kindly connect me to one of your advisors?",
    "can someone else take a look at my refund claim?",
    "can you get someone to help me",
    "I never said that. Just let me speak to another agent",
    "speak to representative",
    "My parcel is gone and the link is dead, and nobody answers. Could I speak to someone?",
    "I want to speak to the manager",
    "What do I need to do to speak with an agent?",
    "I need a supervisor",
)

MENTIONED = (
    "",
    "?",
    "how do I become an agent",
    "my parcel was delivered to another person",
    "is there a person I can give my gift to",
    "what is a user agent",
    "how do I reach human resources",
    "what happens to my personal data",
    "can someone else pick up my parcel",
    "does someone need to sign",
    "do I need to speak to a representative to change my pin?",
    "do i have to talk to someone to close an account or can i do it in the app",
    "the agent told me it would arrive on Monday",
    "a representative promised me a refund last week",
    "somebody stole my package",
    "someone else is using my account",
    "Can someone assist me with finding my nearest shop?",
    "someone from your company wrote to me, is it a scam",
    "how do I add an external person to a team",
    "give control to someone else in a meeting",
    "transfer a license to a colleague",
    "can I transfer my order to another person",
    "send it as a gift to someone",
    "who do I call when my laptop is stolen",
    "will the courier call me before delivery",
    "can you call me a taxi",
    "call me Jake from now on",
    "what can you call me",
    "nobody can hear me in a Teams call",
    "how do I talk to my headset",
    "I have no one at home to sign for it",
    "the person on the phone hung up",
    "can I return something another person ordered for me",
    "will the person who gave me the gift find out",
    "how do I install the monitoring agent",
    "the endpoint agent is offline",
    "agent version 4.2 keeps crashing",
    "get the agent software on my mac",
    "is the robot vacuum in stock",
    "do you sell toy robots",
    "i want a robot vacuum",
    "is it ok to paste internal text into an ai chatbot",
    "my voice sounds robotic",
    "are you a bot?",
    "am I talking to a real person or a bot",
    "I am not a robot checkbox does not work",
    "stop automatic reboot",
    "I don't have a virtual card, how do I get one",
    "how do I book a meeting room for ten people",
    "my manager must approve the request, who is that",
    "who is my manager in the system",
    "need access to the support mailbox",
    "service desk opening hours",
    "what are your support hours",
    "customer service email",
    "phone number",
    "do you need anyone for weekend work",
    "We'd like 80 blankets as presents for our staff",
    "connect me to the office wifi",
    "how do i connect to the vpn",
    "switch me to express delivery",
    "can you put it in the neighbour's garage",
    "put me on the newsletter",
    "I don't need a person, just the tracking link",
    "no need to call me",
    "please don't transfer me to an agent, just answer",
    "human error on my side, I ordered twice",
    "is it tested on animals or humans",
    "made by real people?",
    "my assistant needs calendar access",
    "a colleague needs help with the printer",
    "operator licence for the forklift app",
    "can I speak English with the courier",
    "the customer service was great, thanks",
    "can somebody else in my family use my voucher",
    "for how many people is this table",
    "teams keeps calling me on the wrong device",
)


@pytest.mark.parametrize("text", ASKED)
def test_a_request_is_heard(text: str):
    assert wants_human(text) == 1.0


@pytest.mark.parametrize("text", MENTIONED)
def test_a_mention_is_not_a_request(text: str):
    assert wants_human(text) == 0.0


@pytest.mark.parametrize("text", ASKED)
def test_neither_case_nor_decoration_matters(text: str):
    assert wants_human(f"  {text.upper()} !!!\n") == 1.0


def test_a_request_at_either_end_of_an_essay_is_heard():
    essay = "The lamp came with a dent in its foot. " * 400
    assert wants_human(essay) == 0.0
    assert wants_human(f"{essay} Let me talk to a person.") == 1.0
    assert wants_human(f"Let me talk to a person. {essay}") == 1.0


@pytest.mark.parametrize("letter", ["a", " ", ".", "i want ", "talk to ", "not ", "the "])
def test_no_text_makes_it_slow(letter: str):
    began = time.perf_counter()
    wants_human(letter * 20_000)
    assert time.perf_counter() - began < 0.5


def test_accents_and_odd_quotes_are_plain():
    assert normalised("Don\u2019t  T\u00c1LK\u2026 humna") == "don t talk . human"
