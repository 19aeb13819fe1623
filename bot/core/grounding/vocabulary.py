"""Words for numbers, units, months and weekdays, in the languages that we can read them in."""

from decimal import Decimal
from itertools import product

_EN_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_EN_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_DE_ONES = (
    "null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn "
    "fünfzehn sechzehn siebzehn achtzehn neunzehn"
)
_DE_TENS = "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig"
_FR_ONES = (
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze "
    "seize dix-sept dix-huit dix-neuf"
)
_FR_TENS = "vingt trente quarante cinquante soixante soixante-dix quatre-vingts quatre-vingt-dix"
_ES_ONES = (
    "cero un dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince "
    "dieciséis diecisiete dieciocho diecinueve"
)
_ES_TENS = "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa"


def _counted(ones: str, tens: str) -> dict[str, int]:
    small = {word: value for value, word in enumerate(ones.split())}
    return small | {word: 10 * place for place, word in enumerate(tens.split(), 2)}


def _german() -> dict[str, int]:
    words = _counted(_DE_ONES, _DE_TENS)
    ones, tens = _DE_ONES.split()[1:10], _DE_TENS.split()
    for (one, a), (b, ten) in product(enumerate(ones, 1), enumerate(tens, 2)):
        words[f"{a}und{ten}"] = 10 * b + one
    return words | {"dreissig": 30, "zwo": 2, "hundert": 100, "einhundert": 100, "tausend": 1000}


NUMBERS: dict[str, dict[str, int]] = {
    "en": _counted(_EN_ONES, _EN_TENS) | {"twice": 2, "thrice": 3, "dozen": 12},
    "de": _german() | {"zweimal": 2, "dreimal": 3, "dutzend": 12},
    "fr": _counted(_FR_ONES, _FR_TENS) | {"cent": 100, "mille": 1000, "douzaine": 12},
    "es": _counted(_ES_ONES, _ES_TENS) | {"cien": 100, "mil": 1000, "docena": 12},
}
for _articles in (NUMBERS["de"], NUMBERS["fr"], NUMBERS["es"]):
    for _article in ("ein", "un"):
        _articles.pop(_article, None)  # "a" far more often than "one": see ONE
"""Word → value. Compound English numbers are put together in `numbers`."""

ONE: dict[str, frozenset[str]] = {
    "en": frozenset(("one", "a", "an", "single")),
    "de": frozenset(("ein", "eine", "einen", "einem", "einer", "eines")),
    "fr": frozenset(("un", "une")),
    "es": frozenset(("un", "una", "uno")),
}
"""Articles too: they count only before a unit ("within a week")."""

SCALES = {
    "hundred": 100,
    "thousand": 1000,
    "million": 10**6,
    "millions": 10**6,
    "billion": 10**9,
    "hundert": 100,
    "tausend": 1000,
    "millionen": 10**6,
    "milliarde": 10**9,
    "milliarden": 10**9,
    "mille": 1000,
    "mil": 1000,
    "millones": 10**6,
    "k": 1000,
}
HALF = {"half": Decimal("0.5"), "halb": Decimal("0.5"), "halbe": Decimal("0.5"),
        "moitié": Decimal("0.5"), "mitad": Decimal("0.5")}  # fmt: skip

_UNITS = {
    "second": "second seconds sec secs sekunde sekunden seconde secondes segundo segundos",
    "minute": "minute minutes min mins minuten minuto minutos",
    "hour": "hour hours hr hrs stunde stunden heure heures hora horas",
    "day": "day days tag tage tagen jour jours día días dia dias",
    "workday": "werktag werktage werktagen arbeitstag arbeitstage arbeitstagen",
    "week": "week weeks woche wochen semaine semaines semana semanas",
    "month": "month months monat monate monaten mois mes meses",
    "year": "year years yr yrs jahr jahre jahren ans année années año años",
    "percent": "% percent prozent pourcent",
    "eur": "€ eur euro euros",
    "usd": "$ usd dollar dollars",
    "gbp": "£ gbp pound pounds",
    "chf": "chf franken francs",
    "jpy": "¥ jpy yen",
    "cent": "cent cents ct centimes pence",
    "kg": "kg kilo kilos kilogram kilograms kilogramm",
    "g": "g gram grams gramm",
    "lb": "lb lbs",
    "km": "km kilometre kilometres kilometer kilometers",
    "mile": "mile miles meile meilen",
    "m": "m metre metres meter meters",
    "cm": "cm centimetre centimetres zentimeter",
    "mm": "mm",
    "inch": "inch inches zoll",
    "gb": "gb gigabyte gigabytes",
    "mb": "mb megabyte megabytes",
    "tb": "tb terabyte terabytes",
    "°c": "°c",
    "°f": "°f",
}
UNITS = {word: unit for unit, words in _UNITS.items() for word in words.split()}
UNITS |= dict.fromkeys(_UNITS["workday"].split(), "day")
SKIPPED = frozenset(
    "working business calendar full consecutive bank full-time more volle volles ganze ganzer "
    "ganzes other further additional".split()
)
"""Words that may stand between a number and its unit."""

MONTHS = {
    word: number
    for words in (
        "january february march april may june july august september october november december",
        "januar februar märz april mai juni juli august september oktober november dezember",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "jan feb mar apr may jun jul aug sep oct nov dec",
        "jänner feber mrz apr mai jun jul aug sept okt nov dez",
    )
    for number, word in enumerate(words.split(), 1)
}
WEEKDAYS = {
    word: number
    for words in (
        "monday tuesday wednesday thursday friday saturday sunday",
        "mondays tuesdays wednesdays thursdays fridays saturdays sundays",
        "montag dienstag mittwoch donnerstag freitag samstag sonntag",
        "montags dienstags mittwochs donnerstags freitags samstags sonntags",
        "lundi mardi mercredi jeudi vendredi samedi dimanche",
        "lunes martes miércoles jueves viernes sábado domingo",
        "mon tue wed thu fri sat sun",
    )
    for number, word in enumerate(words.split(), 1)
}
AMBIGUOUS = frozenset("may march mar mars mai jan sun sat mon wed fri sept mayo".split())
"""Also ordinary words: a month or weekday only where a capital or a number says so."""
