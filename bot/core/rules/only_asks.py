"""Hears whether a message only asks for information: "how do I report phishing?" and no more.

Who tells of something ("someone used my card", "why was I charged twice?") or wants something done
("can you delete my data?") does not only ask. Doubt counts against it, since a person is called
then. English, as the readings are that it is weighed against.
"""

import re

from bot.core.courtesy import courtesy
from bot.core.questions import is_long, sentences

_YOU = r"(?:you|u|anyone|someone|somebody)"
_ASKS = re.compile(
    # what a question may begin with: "hi, could you tell me", "I was wondering"
    r"(?:(?:and|but|so|ok|okay|well|also|or|hi|hello|hey|please|pls|sorry)\b\W*)*"
    rf"(?:(?:(?:can|could|would) {_YOU} )?(?:please |pls )?(?:tell|show|let|explain)\b"
    r"(?: to)?(?: me| us)?(?: know)?\W*"
    r"|(?:i|we)(?:'m| am| was|'re| are|'d)? (?:just |only )?(?:wondering|need to know"
    r"|have a question"
    r"|(?:wan(?:t|ted) to|would like to|like to) (?:know|understand))\W*)?"
    # and the question itself, which wants nothing done: not "can you …", nor "can I get …"
    r"(?:(?:how|what|what's|whats|which|who|whom|whose|where|when|why|whether|if)\b"
    r"|(?:is|are|does|did|should|must|shall|has|have|was|were|may)\b|am i\b"
    rf"|(?:do|will) (?!{_YOU} (?:please|kindly)\b)"
    rf"|(?:can|could|would) (?!{_YOU}\b|(?:i|we) (?:please )?(?:get|have)\b))",
    re.IGNORECASE,
)

_MONEY = (
    r"(?:charge|fee|payment|transaction|debit|withdrawal|purchase|transfer|order|bill|amount)s?\b"
)
_TOLD = (
    # what they did, saw or want
    r"(?:i|we)(?! was wondering\b|(?:'d like| wanted| want) to (?:know|understand)\b)"
    r"(?:'ve|'d| have| had| was| were| got| did| didn'?t| haven'?t| wasn'?t| never| just"
    r"| only)\b",
    r"(?:i|we) (?:lost|received|paid|see|saw|found|noticed|clicked|entered|made|think|believe"
    r"|suspect|cancel+ed|returned|bought|ordered|sent|withdrew|took|used|detect(?:ed)?|need you"
    r"|want(?:ed)?(?! to (?:know|understand)))\b",
    r"(?:i|we) (?:am|are) (?:not|being|getting|seeing)\b",
    r"(?:am|are) (?:i|we) (?:being|getting|seeing)\b",
    r"(?:do not|don'?t) (?:recogni[sz]e|remember|agree|owe|want|authori[sz]e)\b",
    r"my (?:\w+ ){1,4}?(?:was|is|has|were|are|have|got|had|shows?|went|keeps?|disappeared)"
    r" (?!(?:\w+ )?(?:backed|safe|secure|protected|due|declined))",
    r"please (?!tell|show|let|explain|advise|help)",
    # money that has gone, and money that they ask back
    r"(?:was|were|been|being|have|has|had|did|got|getting) (?:\w+ ){0,4}?"
    r"(?:(?:over)?charg|bill(?:ed|ing)|debit|deduct|tak(?:e|ing)\b|taken|withdr)",
    r"(?:charged|billed|debited|deducted|taken|took)\b.*\b(?:again|extra|more|too|two|2x?)\b",
    r"(?:this|that|these|those|extra|additional|another|duplicate|double|second|unexpected"
    r"|random|strange|weird|unk?nown|unfamiliar|fraudulent|suspicious|wrong) "
    rf"(?:\S+ ){{0,2}}?{_MONEY}",
    rf"{_MONEY}.* (?:on|in|to|from) my (?:\w+ )?(?:statement|account|bill|invoice|card|name)\b",
    r"(?:why|how come|reason|who)\b.*\b(?:charg|fees?\b|money|amount|cash|less\b|rate\b|debit"
    r"|deduct|bill(?:ed)?\b)",
    r"(?:charging (?:me|us)|disput|contest\b|chargeback|more than once|money back|twice|two times"
    r"|doubled?\b|overcharged|mistake|error|correct|incorrect)",
    # what others did to them
    r"(?:some ?one|some ?body|strangers?|thief|thieves|hackers?|anyone else|another person)\b",
    r"(?:stolen|stole|stealing|hacked|compromised|cloned|scammed|defrauded|leaked|missing"
    r"|unauthori[sz]ed)\b",
    r"not (?:mine|me|by me|authori[sz]ed|recogni[sz]ed|made by)\b|was(?:n'?t| not) me\b",
    r"(?:fraud|scam|theft)\w*\b.* my\b|in my name\b",
)
_TELLS = re.compile(rf"\b(?:{'|'.join(_TOLD)})", re.IGNORECASE)


def only_asks(text: str) -> bool:
    """Whether every sentence asks for information, and none tells of a case."""
    if is_long(text):
        return False
    plain = " ".join(text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split())
    asked = [_ASKS.match(one) is not None or courtesy(one) for one in sentences(plain)]
    return all(asked) and True in asked and _TELLS.search(plain) is None
