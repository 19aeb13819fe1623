"""What only asks for information, and what tells of a case or wants something done."""

import pytest

from bot.core.rules.only_asks import only_asks

ASKS = """
How do I report phishing?|how do i delete my account|How can I delete my account and my data?
why was my payment declined?|Hi! Do you sell my data to others?|is this site legit or a scam
What happens to my data|could you tell me how I delete my account?|where do I report fraud
I was wondering how you handle personal data|What is the fee for paying by card?
Will I be charged when the parcel leaves?|Hello. How do I delete my account? Thanks!
how long do you keep personal data|please explain what the GDPR means for my order
When is my card debited?|what counts as personal data|who can see my data|can I pay by card
I\N{RIGHT SINGLE QUOTATION MARK}d like to know what you do against fraud
"""
TELLS = """
someone used my card|I was charged twice|there's a payment I did not make|delete all my data
Why was I charged twice?|What is this $1 charge on my statement?|why is there a fee on my bill
How do I dispute a charge?|How do I report a transaction that wasn't me?|my card was stolen
What do I do if somebody has my card number?|how did this payment get on my account
can you delete my data?|could you please erase my account|Can I get a copy of my data?
who charged my card|Why did you take the money again?|gdpr request|laptop stolen|fraud!|phishing
My phone was stolen. What must I do?|How do I get back money that was taken from my account?
I clicked on a link, what happens now?|what can I do, my account got hacked
How do I delete my account? Please delete it.|is there fraud on my card?|double payment
How do I stop an unauthorised direct debit?|do you please delete my account|charged twice??
I don't recognise one transaction, how do I find out more?|thanks|hello||   |...
Will you refund me? You took it twice|how do i cancel a payment i did not authorise
"""


def said(text: str) -> list[str]:
    return [one for line in text.strip().splitlines() for one in line.split("|")]


@pytest.mark.parametrize("text", said(ASKS))
def test_only_information_is_asked(text: str):
    assert only_asks(text)


@pytest.mark.parametrize("text", said(TELLS))
def test_something_is_told_or_wanted(text: str):
    assert not only_asks(text)


def test_a_long_story_is_told():
    assert not only_asks("how do I delete my account and my data and " * 8)
