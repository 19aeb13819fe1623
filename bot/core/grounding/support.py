"""How much of a sentence is made of its articles' own words."""

import re

from bot.core.grounding.vocabulary import NUMBERS, SCALES
from bot.core.words import base

_WORD = re.compile(r"[^\W\d_]{3,}")
_COMMON = {
    "en": frozenset(
        """about above after again all also always and any are because been before being below
        between both but can cannot could did does doing down during each either else ever every
        few for from further had has have having help her here him his how however into its just
        least less let like made make many may might more most much must need never nor not now
        off once only other our out over own please same see shall she should since some such take
        than thank that the their them then there these they thing this those though through too
        under until upon use used using very was way well were what when where whether which
        while who will with within without would yes yet you your yours""".split()
    ),
    "de": frozenset(
        """aber alle alles als also auch auf aus bei beim bin bis bitte dann das dass dein deine
        dem den denn der des dich die dies diese diesem diesen dieser dieses dir doch dort durch
        ein eine einem einen einer eines etwas euch für hat haben hier ihm ihn ihnen ihr ihre
        ihrem ihren ihrer ist jede jeden jeder jedes kann kein keine keinen können man mehr mein
        mit muss müssen nach nicht noch nur oder ohne sehr sein seine sich sie sind sobald soll
        sollte über und uns unser unsere unter vom von vor war was wenn wer werden wie wieder wir
        wird wurde zum zur zwischen""".split()
    ),
    "fr": frozenset(
        """ainsi alors après assez aucun aucune aussi autre autres avant avec avez avoir bien car ce
        cela ces cet cette ceux chaque chez comme dans depuis des deux dès donc dont du elle elles
        elle en encore entre est et être eux fait faut il ils jamais je jusqu la le les leur leurs
        lors lorsque lui mais même mes moins mon ne ni non nos notre nous on ont ou où par pas
        pendant peu peut peuvent plus pour pouvez puis qu quand que quel quelle qui rien sa sans se
        ses seulement si son sont sous sur ta te tes tous tout toute toutes tu un une vers vos votre
        vous y à""".split()
    ),
    "es": frozenset(
        """al algo alguna alguno antes aquí así aun aunque cada como con cuando cual de debe deben
        del desde después donde durante el ella ellas ellos en entre era es esa ese eso esta este
        esto están está fue ha han hasta hay la las le les lo los más me mi mientras muy ni no nos
        nuestra nuestro o otra otro para pero por porque puede pueden puedes que qué quien se sea
        ser si sin sino sobre solo son su sus también tiene tienen tienes todo todos tras tu tus un
        una uno unos usted ustedes y ya""".split()
    ),
}
_STEM, _LEAST = 5, 3
_LONG = 6
"""Without a list of a language's small words, only words of this length are looked at."""


def supported(sentence: str, article: str, language: str) -> bool:
    """Whether at least half of the sentence's telling words are the article's."""
    telling = _telling(sentence, language)
    theirs = {stem(word) for word in _WORD.findall(article.casefold())}
    return 2 * len(telling & theirs) >= len(telling)


def _telling(text: str, language: str) -> set[str]:
    figures = NUMBERS.get(language, {}).keys() | SCALES.keys()
    words = [word for word in _WORD.findall(text.casefold()) if word not in figures]
    common = _COMMON.get(language)
    kept = (w for w in words if (w not in common if common else len(w) >= _LONG))
    return {stem(word) for word in kept}


def small_words(language: str) -> frozenset[str]:
    """Words of a language that tell nothing of what a text is about."""
    return _COMMON.get(base(language), frozenset())


def stem(word: str) -> str:
    """The beginning that forms of one word share."""
    for ending in ("ies", "ing", "ied", "ed", "es", "en", "s", "e", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST:
            return word.removesuffix(ending)[:_STEM]
    return word[:_STEM]
