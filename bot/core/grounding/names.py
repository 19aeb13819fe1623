"""Names in a text: codes, abbreviations, and capitals that grammar does not ask for."""

import re
from collections.abc import Iterator

from bot.core.grounding.plain import word_key
from bot.core.grounding.vocabulary import AMBIGUOUS, MONTHS, UNITS, WEEKDAYS

_CODE = re.compile(
    r"""\b(?:\d+(?:\.\d+){2,}                                   # versions, network addresses
      | (?=[\w-]*\d)(?=[\w-]*[^\W\d_])[^\W_]+(?:-[^\W_]+)*      # KB4412, A4, SAVE-20, 2FA
      )\b""",
    re.VERBOSE,
)
_NUMBER_AND_UNIT = re.compile(r"(\d+)-?([^\W\d_]+)")
_ORDINALS = frozenset("st nd rd th er e k x h am pm uhr".split())
_WORD = re.compile(r"[^\W\d_]+(?:['&.-][^\W\d_]+)*")
_STARTS = re.compile(r"(?:^|[.!?:;…\"“”„»«(\[*>-]\s*|\s-\s|^\W+)$")
_NOUNS_ARE_CAPITAL = frozenset(("de", "lb"))
_PRONOUNS = frozenset("i i'm i'll i've i'd ok sie ihr ihre ihren ihrem ihrer ihres ihnen".split())
STARTERS = frozenset(
    """a about add after again all allow also although always an and any anyone apply are as ask at
    attach be because before both but by can change check choose click close collect confirm
    contact copy could create delete did do does done double download drag drop during each
    earlier either email enable ensure enter every everything fill find first follow for
    from get give go good great have he hello help her here hi his how however i if in
    instead is it its just keep last leave let log look make many may most my need never
    next no none not note now of on once one only open or order other otherwise our pay pick
    please press print put read remember remove repeat replace reply reset restart return
    save scan see select send set she should show sign simply since so some sorry start stay
    still stop switch take tap tell thank thanks that the their them then there these they
    thing this those though to today tomorrow try turn type under unfortunately unless until
    update upload use usually visit wait we what when where whether which while who why will
    with within without would write yes yet you your""".split()
)
"""Words an English sentence may begin with that are nobody's name."""


def codes_in(text: str) -> tuple[frozenset[str], str]:
    """Words that mix letters and figures, and the text without them; "30-day" is none of them."""
    found: set[str] = set()

    def take(match: re.Match[str]) -> str:
        counted = _NUMBER_AND_UNIT.fullmatch(match.group())
        if counted and (counted[2].casefold() in UNITS or counted[2].casefold() in _ORDINALS):
            return match.group()
        if re.fullmatch(r"\d{1,3}(?:\.\d{3})+", match.group()):
            return match.group()  # a large number
        found.add(match.group().casefold().replace("-", ""))
        return " "

    rest = _CODE.sub(take, text)
    return frozenset(found), rest


def names_in(text: str, language: str) -> Iterator[str]:
    """What may be a name in a sentence, as written."""
    nouns = language in _NOUNS_ARE_CAPITAL
    previous = False
    for match in _WORD.finditer(text):
        word = match.group()
        first = _STARTS.search(text[: match.start()]) is not None
        capital = word[0].isupper()
        if _calendar(word) or word.casefold() in _PRONOUNS:
            previous = False
            continue
        odd = not nouns or previous
        if first:
            odd = language == "en" and word.casefold() not in STARTERS
        if _marked(word) or (capital and odd):
            yield word
        previous = capital and not first


def calendar_in(text: str, *, all_words: bool) -> frozenset[tuple[str, int]]:
    """Months and weekdays named in a text; the ambiguous ones only as `all_words` says."""
    found = set()
    for match in _WORD.finditer(text):
        word, key = match.group(), match.group().casefold()
        if key in AMBIGUOUS and not all_words and (word.islower() or match.start() == 0):
            continue
        if key in MONTHS:
            found.add(("month", MONTHS[key]))
        if key in WEEKDAYS:
            found.add(("weekday", WEEKDAYS[key]))
    return frozenset(found)


def words_in(text: str) -> frozenset[str]:
    """Every word of a text in the form that names are compared in, parts of joined ones too."""
    found = set()
    for match in _WORD.finditer(text):
        found.add(word_key(match.group()))
        found.update(word_key(part) for part in re.split(r"['&.-]", match.group()) if part)
    return frozenset(found)


def _calendar(word: str) -> bool:
    key = word.casefold()
    return key in MONTHS or key in WEEKDAYS


def _marked(word: str) -> bool:
    """An inner capital: VPN, PayPal, iPhone."""
    return len(word) > 1 and any(sign.isupper() for sign in word[1:])
