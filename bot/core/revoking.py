"""Hears in somebody's own words that they want no more messages, or want them again.

Any reasonable way of saying it counts: 47 CFR 64.1200(a)(10). English, Spanish, German, French.
"""

import re
from dataclasses import replace

from bot.domain.message import Inbound

STOPS = frozenset(
    """
    stop|stopall|stop all|unsubscribe|optout|opt out|opt-out|revoke|stopp|alto|parar|baja|abmelden
    abbestellen|desabonner|désabonner|desinscription|désinscription|desuscribir|desuscribirme
    """.replace("\n", "|")
    .replace("  ", "")
    .split("|")
) - {""}
STARTS = frozenset(("start", "unstop"))
"""Said alone. A mere "yes" is an answer to something, and takes nothing back."""

_TEXT = r"(?:texts?|text messages?|messages?|sms|msgs?|whatsapps?)"
_ENDS = r"(?=$|[\s.,!]+(?:$|please|pls|thanks|thank you|now|anymore|any more|ever|again|at all|ok))"
_SAID = tuple(
    re.compile(one)
    for one in (
        r"\b(?:stop|quit|cease)(?: with)? (?:texting|messaging|contacting|writing(?: to)?|spamming"
        r"|bothering|harassing|whatsapping) (?:me|us|this (?:number|phone))\b",
        rf"\b(?:stop|quit) (?:sending|with)(?: me| us)?(?: all)?(?: (?:these|those|any|your|the"
        rf"|so many|more))*(?: \w+)? {_TEXT}\b",
        r"\b(?:do not|don'?t|dont|never|pls no|please no) (?:ever )?(?:text|message|contact|sms"
        rf"|whatsapp|write(?: to)?) (?:me|us|this number)(?: again| any ?more| ever)?{_ENDS}",
        r"\b(?:do not|don'?t|dont) send (?:me |us )?(?:any ?more |any |more |these |your )*"
        rf"{_TEXT}\b",
        rf"\bno more (?:\w+ )?{_TEXT}\b{_ENDS}",
        r"\b(?:take|remove|delete) (?:me|my (?:phone )?number|this number) (?:off|from) (?:your|the"
        r"|this|all)\b(?: \w+)* ?(?:list|lists|contacts|texts|messages)\b",
        r"\b(?:unsubscribe|opt) (?:me|us)\b(?: out)?|\bopt me out\b|\bi(?:'d| would)? (?:want|like)"
        r" to (?:opt out|unsubscribe)\b(?! (?:of|from) (?:the |your )?(?:news|e-?mail|mail))",
        rf"\bi (?:do not|don'?t|dont|no longer) (?:want|wish|need)(?: to (?:get|receive))? "
        rf"(?:any ?more |any |more |these |your )*{_TEXT}\b",
        r"\bleave me alone\b",
        # Spanish
        r"\bdej(?:a|en|ad|e) de (?:escribir|contactar|molestar|mandar|enviar|textear)(?:me|nos)\b",
        r"\bno me (?:escrib|mand|envi|envíe|contact|molest)\w* (?:m[aá]s|nunca m[aá]s)\b",
        r"\bno (?:quiero|deseo)(?: recibir)? (?:m[aá]s|sus|estos|tus) (?:mensajes|sms|textos)\b",
        r"\bno m[aá]s (?:mensajes|sms|textos)\b|\bd[aá]\w*me de baja de (?:los|estos|sus) mensajes",
        # German
        r"\bh[oö]r(?:en sie|t)? (?:bitte )?auf,? (?:mir|uns) (?:zu schreiben|nachrichten)",
        r"\bschreib(?:en sie|t)? (?:mir|uns)(?: bitte)? (?:nicht|nie) (?:mehr|wieder)\b",
        r"\bkeine (?:weiteren )?(?:nachrichten|sms|whatsapps?)(?: mehr)? ?"
        r"(?:bitte|senden|schicken)?(?= mehr|$|[.!,]| bitte| mehr)",
        r"\b(?:lassen sie|lasst|lass) mich (?:bitte )?in ruhe\b",
        # French
        r"\barr[eê]te[zr]? de m['e ]? ?(?:[eé]crire|envoyer|contacter|d[eé]ranger)",
        r"\bne m['e ]? ?(?:[eé]crivez|envoyez|contactez) plus\b|\bplus de (?:messages|sms)\b",
    )
)
_NOT_THIS = re.compile(
    r"^(?:how|why|when|what|where|which|who|did|do i|will|if|c[oó]mo|por qu[eé]|wie|warum|wann"
    r"|comment|pourquoi)\b|\b(?:news ?letters?|e-?mails?|mails?|correos?|courriels?)\b"
    r"|\b(?:don'?t|do not|never) (?:stop|quit)\b|\byou(?:'ve| have)? stopped\b"
)
_LONGEST = 160
"""Characters: in a longer message that is a part of a story, which a person should read."""


def as_consent(event: Inbound) -> Inbound:
    """The event as what it says of being written to; any other as it is."""
    if event.kind != "message":
        return event
    if wants_none(event.text()):
        return replace(event, kind="revoked")
    said = _plain(event.text())
    return replace(event, kind="allowed") if said in STARTS else event


def wants_none(text: str) -> bool:
    """Whether the words ask that nothing more be sent."""
    said = _plain(text)
    if said in STOPS:
        return True
    if len(said) > _LONGEST or _NOT_THIS.search(said):
        return False
    return any(one.search(said) for one in _SAID)


def _plain(text: str) -> str:
    said = text.replace("\u2019", "'").casefold()
    said = re.sub(
        r"^(?:please|pls|hi|hey|hello|hola|hallo|por favor|bitte)[\s,!.]+", "", said.strip()
    )
    said = re.sub(
        r"[\s,]+(?:please|pls|thanks|thank you|por favor|bitte|gracias|danke)[\s!.]*$", "", said
    )
    return re.sub(r"\s+", " ", said).strip(" .!\"'")
