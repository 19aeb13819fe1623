"""Small words that turn a sentence round, in each language: denials, bounds, duties, opposites."""

import re
from dataclasses import dataclass
from functools import lru_cache

from bot.core.words import base

_NEXT = re.compile(r"[^\W\d_]{3,}")
_SAYS_NO_TWICE = frozenset(("fr", "es"))
_PAIR = re.compile(r"\b(?:neither|nor|weder)\b")
_EXCEPTIONS = {
    "en": r"not only|no (?:later|more|less|fewer) than|not (?:later|more|less|longer) than"
    r"|whether or not|no matter|not to mention",
    "de": r"nicht nur|nicht (?:später|mehr|länger|weniger) als",
    "fr": r"pas seulement|pas plus tard que|pas plus de|pas moins de",
    "es": r"no s[oó]lo|no más (?:de|tarde)|no menos de",
}
"""What sounds like a denial and is none."""
_DENIALS = {
    "en": r"no|not|never|none|nothing|neither|nor|cannot|nobody|nowhere|unable|impossible|\w+n't"
    r"|hardly|rarely|seldom|barely|scarcely|refused|fails? to|stop(?:s|ped)?",
    "de": r"nicht|nie|niemals|niemand\w*|nichts|kein\w*|weder|keinesfalls|unmöglich|kaum|selten",
    "fr": r"non|pas|jamais|aucune?|rien|ni|nulle? part|impossible|guère|rarement",
    "es": r"no|nunca|jamás|ning[uú]n\w*|nada|nadie|tampoco|ni|imposible|apenas|raramente",
}
_EXCEPTING = {
    "en": r"without|unless|except\w*|apart from|excluding|other than",
    "de": r"ohne|außer|ausgenommen|abgesehen|es sei denn",
    "fr": r"sans|sauf|excepté\w*|hormis|à moins",
    "es": r"sin|salvo|excepto|a menos",
}
_MONEY = r"[€$£] ?\d[\d.,]*|\d[\d.,]* ?(?:€|eur|euros?|dollars?)"
_MARKS: dict[str, dict[str, str]] = {
    "must": {"en": r"must|mandatory|obliged|obligatory|compulsory", "de": r"m[uü]ss\w*|pflicht",
             "fr": r"dois|doit|devez|doivent|obligatoire\w*|il faut",
             "es": r"debe[sn]?|hay que|tienen? que|tienes que|obligatori[oa]s?"},
    "need": {"en": r"needs?|needed|require[sd]?|necessary|have to|has to",
             "de": r"brauch\w*|benötig\w*|nötig|notwendig\w*|erforderlich\w*",
             "fr": r"nécessaires?|besoin|requise?s?", "es": r"necesit\w*|necesari[oa]s?|requiere\w*"},
    "may": {"en": r"may|can|could|might|able|allowed|possible|permitted|optional|optionally",
            "de": r"kann\w*|könn\w*|darf\w*|dürf\w*|möglich\w*|erlaubt\w*|optional",
            "fr": r"peu[tx]|peuvent|pouvez|possibles?|permise?s?|facultati\w*",
            "es": r"puede[sn]?|podrá\w*|posibles?|permitid[oa]s?|opcional\w*"},
    "free": {"en": r"free(?: of charge)?|gratis|no (?:\w+ )?(?:charge|cost|fee)s?"
             r"|(?:pays?|costs?|charged?) nothing|nothing (?:is |to )?(?:charged|pay)",
             "de": r"kostenlos\w*|kostenfrei\w*|gratis|umsonst|gebührenfrei\w*",
             "fr": r"gratuit\w*|sans frais", "es": r"gratis|gratuit\w*|sin (?:coste?|gastos)"},
    "paid": {"en": _MONEY + r"|pays?|paid|charge[sd]?|costs?|fees?|prices?|chargeable",
             "de": _MONEY + r"|kostet?|kosten|kostenpflichtig\w*|gebühr\w*|(?:be)?zahl\w*|preis\w*",
             "fr": _MONEY + r"|pa(?:y|i)\w*|coût\w*|frais|prix", "es": _MONEY + r"|pag\w*|cuesta\w*|costes?|tarifas?|precio"},
    "always": {"en": r"always|every time|all the time|any ?time|at any (?:time|hour)|forever|unlimited"
               r"|lifetime|ever|around the clock|24/7|at all times", "de": r"immer|jederzeit|stets|unbegrenzt\w*|ewig\w*",
               "fr": r"toujours|à tout moment|illimité\w*|à vie",
               "es": r"siempre|en cualquier momento|ilimitad\w*|para siempre"},
    "only": {"en": r"only|solely|exclusively|alone|just", "de": r"nur|ausschließlich|lediglich|allein",
             "fr": r"seulement|uniquement|exclusivement|n(?:e |')(?:\w+ ){1,3}qu(?:e\b|'\w+)",
             "es": r"s[oó]lo|solamente|únicamente|exclusivamente"},
    "soon": {"en": r"immediate\w*|instant\w*|at once|straight ?away|right away|overnight|on the spot"
             r"|promptly", "de": r"sofort\w*|umgehend\w*|unverzüglich\w*|gleich",
             "fr": r"immédiat\w*|aussitôt|tout de suite|instantané\w*",
             "es": r"inmediat\w*|enseguida|al instante|al momento"},
    "sure": {"en": r"guarant\w*|definitely|certainly|promise\w*|without fail",
             "de": r"garant\w*|sicherlich|versprech\w*|versprochen", "fr": r"garanti\w*|certainement|promis\w*",
             "es": r"garant\w*|seguramente|promet\w*"},
    "day": {"en": r"today|tonight|tomorrow|yesterday", "de": r"heute|morgen|gestern",
            "fr": r"aujourd'hui|demain|hier", "es": r"hoy|mañana|ayer"},
    "span": {"en": r"fortnight\w*|decades?|centur(?:y|ies)|quarters?|couple|weekends?|thirds?|doubled?"
             r"|triple\w*|dozens", "de": r"jahrzehnt\w*|quartal\w*|wochenende\w*|drittel|viertel|doppelt\w*",
             "fr": r"décennies?|trimestres?|week-end\w*|tiers|quart|quinzaine|double\w*|triple\w*",
             "es": r"décadas?|trimestres?|fin de semana|tercio|cuarto|quincena|doble\w*|triple\w*"},
    "before": {"en": r"before|prior|ahead|beforehand|in advance", "de": r"vor|bevor|vorher|im voraus|vorab",
               "fr": r"avant|à l'avance|auparavant", "es": r"antes|previo|con antelación"},
    "after": {"en": r"after|afterwards|following|later", "de": r"nach|nachdem|danach|nachher|später",
              "fr": r"après|ensuite|plus tard|suivant", "es": r"después|tras|luego|más tarde"},
    "on": {"en": r"(?:switch|turn|power|leave|keep|stay)\w*(?: \w+){0,4}? on", "de": r"einschalt\w*|eingeschaltet|anschalt\w*",
           "fr": r"allum\w*", "es": r"encend\w*|enciend\w*"},
    "off": {"en": r"(?:switch|turn|power|leave|keep|stay)\w*(?: \w+){0,4}? off", "de": r"ausschalt\w*|ausgeschaltet|abschalt\w*",
            "fr": r"éteign\w*|éteint\w*|éteindre", "es": r"apag\w*"},
    "open": {"en": r"open(?:s|ed)?", "de": r"offen|geöffnet", "fr": r"ouvert\w*", "es": r"abiert\w*"},
    "closed": {"en": r"close[sd]?|shut", "de": r"geschlossen|zu", "fr": r"fermé\w*", "es": r"cerrad\w*"},
    "allow": {"en": r"allow\w*|permit\w*|accept\w*", "de": r"erlaubt\w*|gestattet|akzeptier\w*",
              "fr": r"permis\w*|autoris\w*|accept\w*", "es": r"permit\w*|acept\w*"},
    "forbid": {"en": r"forbid\w*|prohibit\w*|block(?:s|ed)|refuse[sd]?|reject\w*|decline[sd]?|banned",
               "de": r"verboten|untersagt|gesperrt|abgelehnt|verweiger\w*",
               "fr": r"interdit\w*|bloqué\w*|refus\w*", "es": r"prohibid\w*|bloquead\w*|rechaz\w*"},
    "first": {"en": r"first|firstly", "de": r"erste\w*|zuerst", "fr": r"premi\w*|d'abord", "es": r"primer\w*"},
    "last": {"en": r"last|finally", "de": r"letzte\w*|zuletzt", "fr": r"derni\w*", "es": r"últim\w*"},
    "more": {"en": r"more|above|over|higher|longer|exceed\w*", "de": r"mehr|über|höher\w*|länger\w*",
             "fr": r"plus de|au-dessus|supérieur\w*", "es": r"más de|encima|superior\w*"},
    "less": {"en": r"less|fewer|below|under|lower|shorter", "de": r"weniger|unter|niedriger\w*|kürzer\w*",
             "fr": r"moins de|au-dessous|inférieur\w*", "es": r"menos de|debajo|inferior\w*"},
    "inside": {"en": r"inside|internal\w*", "de": r"innerhalb|intern\w*", "fr": r"à l'intérieur|interne\w*",
               "es": r"dentro|intern[oa]s?"},
    "outside": {"en": r"outside|external\w*", "de": r"außerhalb|extern\w*", "fr": r"hors|externe\w*",
                "es": r"fuera|extern[oa]s?"},
    "lock": {"en": r"lock(?:s|ed)?", "de": r"sperrt?|sperren|gesperrt", "fr": r"verrouill\w*", "es": r"bloque\w*"},
    "unlock": {"en": r"unlock\w*", "de": r"entsperr\w*", "fr": r"déverrouill\w*", "es": r"desbloque\w*"},
    "plug": {"en": r"plug(?:s|ged)?|connect(?:s|ed)?", "de": r"einsteck\w*|verbind\w*", "fr": r"branch\w*", "es": r"conect\w*"},
    "unplug": {"en": r"unplug\w*|disconnect\w*", "de": r"ausstec\w*|trenn\w*", "fr": r"débranch\w*", "es": r"desconect\w*"},
    "include": {"en": r"includ\w+", "de": r"einschließlich|inbegriffen|enthalten", "fr": r"inclu\w*", "es": r"inclu\w*"},
    "exclude": {"en": r"exclud\w+", "de": r"ausgeschlossen", "fr": r"exclu\w*", "es": r"exclu\w*"},
    "few": {"en": r"some|most|many|certain|selected|few", "de": r"einige\w*|manche\w*|meiste\w*|wenige\w*",
            "fr": r"certain\w*|quelques|plupart", "es": r"algun\w*|ciert\w*|mayoría"},
    "every": {"en": r"all|every|everything|everyone|any|each", "de": r"alle\w*|jede\w*", "fr": r"tou[st]\w*|chaque",
              "es": r"tod[oa]s?|cada"},
    "enable": {"en": r"enabl\w+|activat\w+", "de": r"aktivier\w*", "fr": r"activ\w+", "es": r"activ\w+"},
    "disable": {"en": r"disabl\w+|deactivat\w+", "de": r"deaktivier\w*", "fr": r"désactiv\w+", "es": r"desactiv\w+"},
    "low": {"en": r"low|lowest|lower", "de": r"niedrig\w*|schwach\w*", "fr": r"bas|basse\w*", "es": r"baj[oa]s?"},
    "high": {"en": r"high|highest|higher", "de": r"hoch|hohe\w*|höher\w*|stark\w*", "fr": r"haute?s?|élevé\w*", "es": r"alt[oa]s?"},
    "small": {"en": r"small\w*", "de": r"klein\w*", "fr": r"petit\w*", "es": r"pequeñ\w*"},
    "large": {"en": r"larg\w+|big\w*", "de": r"groß\w*|größ\w*", "fr": r"grande?s?", "es": r"grandes?"},
    "early": {"en": r"earl\w+", "de": r"früh\w*", "fr": r"tôt", "es": r"temprano"},
    "late": {"en": r"late|later|latest", "de": r"spät\w*", "fr": r"tard\w*", "es": r"tarde"},
    "add": {"en": r"add|adds|added", "de": r"hinzu\w*", "fr": r"ajout\w*", "es": r"añad\w*"},
    "remove": {"en": r"remov\w+|delet\w+", "de": r"entfern\w*|lösch\w*", "fr": r"supprim\w*|retir\w*", "es": r"elimin\w*|borr\w*"},
    "yes": {"en": r"yes|gladly|sure|of course|certainly", "de": r"ja|gern\w*|natürlich", "fr": r"oui|bien sûr", "es": r"sí|claro"},
    "hedge": {"en": r"usually|often|normally|typically|sometimes|mostly|may take|can take",
              "de": r"meist\w*|oft|normalerweise|gewöhnlich|manchmal", "fr": r"souvent|normalement|parfois|généralement",
              "es": r"normalmente|a menudo|a veces|generalmente"},
}  # fmt: skip
"""Mark → language → words. A mark means the same in every language."""
OPPOSITES = (
    *(("must", "may"), ("need", "may"), ("free", "paid"), ("before", "after"), ("on", "off")),
    *(("open", "closed"), ("allow", "forbid"), ("first", "last"), ("more", "less")),
    *(("inside", "outside"), ("lock", "unlock"), ("plug", "unplug"), ("include", "exclude")),
    *(("low", "high"), ("small", "large"), ("early", "late"), ("add", "remove")),
    *(("every", "few"), ("enable", "disable"), ("always", "hedge")),
)
"""Where an article has one of two, a sentence may not have the other instead."""
ADDED = frozenset("free always only soon sure day span".split())
"""What is claimed only where the article claims it."""


def marks_in(text: str, language: str) -> frozenset[str]:
    """The marks of a text. What is free of charge has nothing that is paid."""
    low, found = text.casefold(), set()
    for mark, pattern in _patterns(base(language)).items():
        if mark == "free":
            low, count = pattern.subn(" ", low)
            if count:
                found.add(mark)
        elif pattern.search(low):
            found.add(mark)
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Denials:
    """How often a text turns itself round, by "not" and by "without".

    `of` are the words after each, up to two.
    """

    nots: int
    withouts: int
    of: frozenset[str]

    @property
    def count(self) -> int:
        return self.nots + self.withouts


def denials_in(text: str, language: str) -> Denials:
    """Where a language says no twice and means it once, once is counted."""
    denial, excepting, exception, lone = _denying(base(language))
    low = exception.sub(" ", text.casefold())
    found = list(denial.finditer(low)) or (list(lone.finditer(low)) if lone is not None else [])
    without = list(excepting.finditer(low))
    once = base(language) in _SAYS_NO_TWICE or _PAIR.search(low) is not None
    of = (word for match in (*found, *without) for word in _NEXT.findall(low[match.end() :])[:2])
    return Denials(
        nots=min(len(found), 1) if once else len(found), withouts=len(without), of=frozenset(of)
    )


def only_of(text: str, language: str) -> frozenset[str]:
    """The word that each "only" of a text stands before."""
    pattern, low = _patterns(base(language)).get("only"), text.casefold()
    if pattern is None:
        return frozenset()
    return frozenset(
        word for match in pattern.finditer(low) for word in _NEXT.findall(low[match.end() :])[:1]
    )


@lru_cache
def _patterns(language: str) -> dict[str, re.Pattern[str]]:
    order = ("free", *(mark for mark in _MARKS if mark != "free"))
    return {m: _whole(_MARKS[m][language]) for m in order if language in _MARKS[m]}


@lru_cache
def _denying(
    language: str,
) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str] | None]:
    # A French "ne" alone denies, unless a "que" makes it an "only".
    lone = re.compile(r"\bn(?:e |')(?!(?:\S+ ){1,4}qu[e'])") if language == "fr" else None
    never = r"(?!)"
    return (
        _whole(_DENIALS.get(language, never)),
        _whole(_EXCEPTING.get(language, never)),
        _whole(_EXCEPTIONS.get(language, never)),
        lone,
    )


def _whole(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w'])(?:{words})(?!\w)")
