"""Hears people speak of ending or hurting themselves, in plain words of four languages.

Plain words leave no doubt, so that nothing hangs on what a head has learnt. What is only hinted at
is the head's. The words of a wish to die in other languages are the only thing that reads them.
"""

import re
from functools import cache

from knowledge.wants_human import plain

_SELF = (
    "(kill|killing|hang|hanging|shoot|shooting|drown|drowning|hurt|hurting|harm|harming|cut|"
    "cutting|injure|burn|burning|poison|starve|unalive|stab) (my ?self|me self)"
)
_ENGLISH = (
    rf"(?<!accidentally ){_SELF}(?! (some|a (coffee|slice|piece|key|deal|break|price)|laughing|out of|"
    "short|off from|when|while|on (the|your|a)|with (the|your|a) (knife set|razor i|blade i|paper|"
    "scissors|packaging|oven|iron|pan|kettle|product)))",
    "kms",
    "(gonna|going to|wanna|want to) off my ?self",
    "(end|ending|take|taking) (my|her|his|their)( own)? life",
    "(want|wanna|wants|going|gonna|(am|m|im) ready|like|better|wish|rather|decided|hope|have) (to |2 |i )*"
    "(just |be |were |was |would |could )*(die|dead)(?! (to|for|pixel|laughing|set|weight|line|cool)\\b)",
    "(i m|im|i am|feel|feeling|am|been|very) (\\w+ )?suicidal",
    "(commit(ted|ting)?|thinking (of|about)|thoughts? (of|about)|contemplat\\w+|considering|attempt\\w*) "
    "suicide",
    "suicidal (thoughts?|ideas?|feelings?)",
    "(do not|don t|dont|not|no longer|never|no reason( left)?( for me)?)( even| really)? (want |wanna |wish |"
    "care |feel like )?(to |2 )?(live|living|exist|be alive|be here|wake up)( anymore| any more| any longer|"
    " like this| tomorrow| again)?(?= [.?!,;]|$| (i|and|because|if|please|with this pain)\\b)",
    "(better off|easier) (dead|without me|if i (was|were) (dead|gone))",
    "(took|taken|taking|swallow\\w*|overdos\\w+ on) (a |an |the |all |too |many |whole |of |my |bottle )*"
    "(overdose|(sleeping )?(pills|tablets)( on purpose)?)(?! (for|as|twice|every|daily|after|with food)\\b)",
    "i (have |just |ve )*overdosed",
    "end it all|ending it all",
    "take (them all|all (of )?(my|the|these) (pills|tablets|meds))|been cutting again|cutting again",
    "(nothing|no reason|not worth|no point|point)( left)?( to| in| of)? (live|living)( for)?"
    "(?! (in|at|on|near|here)\\b)",
    "slit (my|her|his) wrists?",
    "jump(ing)? (off|from|in front of) (a |the )*(bridge|roof|building|train|balcony|window|cliff)",
    "self ?harm(ing|ed)?(?! (policy|cover|leaflet|training|prevention))",
    "(life|my life) (is not|isn t|is no longer|ain t) worth (living|it)",
)  # fmt: skip
_GERMAN = (
    "(bring|bringe|brachte) mich (jetzt |heute |noch |gleich )*um",
    "mich (\\w+ )?(umbringen|umzubringen|umgebracht|erhangen|ritzen|toten|erschie(ss|ß)en)",
    "(selbstmord|suizid)(gedanken|gefahrdet)?",
    "suizidal",
    "(will|mochte|kann|mag) (einfach )?(nicht|nimmer)( mehr)?( langer| weiter)? (leben|aufwachen|da sein)",
    "(will|mochte|wurde) (\\w+ )?(sterben|tot sein)",
    "mir das leben (\\w+ )?nehmen|mein(em)? leben (\\w+ )?(ein ende|beenden)",
    "ware (lieber|besser) tot|ritze mich|verletze mich selbst|keinen sinn mehr im leben",
)  # fmt: skip
_FRENCH = (
    "(veux|voudrais|vais|envie de|prefere|pense a|voulais|aimerais) (\\w+ )?(mourir|me (tuer|suicider|pendre)|"
    "en finir)",
    "(me|m) (tuer|suicider|mutiler|pendre|scarifier)",
    "(pensees?|idees?|envies?) suicidaires?|suicidaire|mettre fin a mes jours",
    "(ne |n )?(veux|ai) (plus|pas) (envie de )?(vivre|etre en vie|me reveiller)",
    "plus (de |aucune )?raison de vivre",
)  # fmt: skip
_SPANISH = (
    "(quiero|voy a|quisiera|deseo|prefiero|ganas de|pienso en|gustaria) (morir(me)?|matarme|suicidarme|"
    "acabar con mi vida|quitarme la vida|cortarme|estar muert[oa])",
    "me (quiero|voy a|quisiera) (\\w+ )?(matar|morir|suicidar|colgar|cortar las venas)",
    "(no|ya no) (quiero|puedo) (\\w+ )?(vivir|seguir viviendo|seguir con vida|despertar)",
    "pensamientos suicidas|ideas suicidas|suicidarme|quitarme la vida|acabar con mi vida",
    "mejor (estar )?muert[oa]|estaria mejor muert[oa]",
)  # fmt: skip
_ALL = (*_ENGLISH, *_GERMAN, *_FRENCH, *_SPANISH)

# Names and machines that only sound so; they are left out before anything is heard.
_HARMLESS = re.compile(
    r"\bsuicide (?:squad|prevention|hotline|squeeze)\b|\bdie hard\b|"
    r"\b(?:battery|phone|laptop|computer|screen|car|plant|printer|server|app) (?:wants|going) to die"
)

_FIGURES = re.compile(
    r"\b(?:die|dying|died|dead) (?:of|with|from) (?:laughter|laughing|boredom|curiosity|shame)\b|"
    r"\b(?:dying to|to die for|dead tired|dead funny)\b"
)


@cache
def _pattern() -> re.Pattern[str]:
    """At the first use: it takes some milliseconds, which a start can do without."""
    return re.compile("|".join(rf"\b(?:{one})(?!\w)" for one in _ALL))


def despairs(text: str) -> bool:
    """Whether a text plainly speaks of suicide or of hurting oneself."""
    return _pattern().search(_HARMLESS.sub(" ", plain(text))) is not None


def jests(text: str) -> bool:
    """Whether a text speaks of dying as a figure of speech."""
    return _FIGURES.search(plain(text)) is not None
