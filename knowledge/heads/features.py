"""What a text says by its looks and its plainest words, beside what the encoder hears.

The encoder folds case and hears a few words among many; shouting and swearing are told here.
"""

import re
from collections.abc import Sequence

import numpy as np

from knowledge.encoder import Vectors

_WORDS = {
    "swearing": r"f+u+c+k\w*|f\W?\*+ck\w*|f\*+\w*|wtf|ffs|stfu|bullshit|shit\w*|crap|damn|"
    r"goddamn|bloody|hell|screw|piss(ed)?|arse|ass|sucks?",
    "insults": r"idiots?|morons?|stupid|dumb|bitch\w*|cunts?|bastards?|assholes?|whores?|sluts?|"
    r"retard\w*|scum|pigs?|losers?|liars?|thieves|crooks?|clowns?|incompetent|useless|worthless|"
    r"pathetic|(racist|sexual)\w*|sexy|sex|bull(y|ies|ied|ying)|harass\w*|stalk\w*|humiliat\w*",
    "outrage": r"(disg(race|ust)\w*|outrag\w*|ridiculous|unbelievable|unacceptable|furious|livid|"
    r"fuming|angry|enraged|fed up|sick (and tired )?of|a joke|had enough|had it|how dare|seriously|"
    r"ashamed|shame|hate|kidding me|mad at|so mad)",
    "complaining": r"complain\w*|grievance|disappoint\w*|unhappy|dissatisfied|terrible|awful|poor|"
    r"worst|rude|impolite|unfriendly|not (happy|satisfied|acceptable|good enough)|let down|regret|"
    r"frustrat\w*|annoy\w*|nobody|no one",
    "despair": r"desperate|tears|cry(ing)?|sobbing|panic\w*|scared|afraid|terrified|frightened|"
    r"hopeless|helpless|overwhelmed|cope|begg?(ing)?|devastated|heartbroken|shaking|despair|"
    r"breakdown|anxious|passed away|died|wits end",
    "law": r"lawyers?|attorneys?|solicitors?|barrister|sue|suing|sued|lawsuit|court|legal (action|"
    r"steps|proceedings|counsel|team)|ombudsman|regulator|trading standards|breach of contract|"
    r"consumer (protection|rights|law)|press charges|small claims|damages|liable",
    "privacy": r"gdpr|ccpa|dsgvo|rgpd|personal (data|information|info)|(my|our) (data|info)|"
    r"data (protection|subject|processing|breach|sharing)|subject access|"
    r"(be|right to be) forgotten|erasure|consent|privacy|everything you (have|know)|"
    r"about me|my information",
    "fraud": r"fraud\w*|scam\w*|phish\w*|hack(ed|er|ers)|stolen|stole|steal(ing)?|compromised|"
    r"cloned|unauthori[sz]ed|suspicious|identity theft|fake|impostor|"
    r"without my (permission|knowledge)|(not|wasn t|isn t) (me|mine)|in my name|"
    r"(did not|didn t|never) (make|made|do|authori[sz]e)",
    "dispute": r"over ?charged?|double|twice|two times|dispute|contest|wrong (amount|bill|invoice)|"
    r"(incorrect|unexpected|unexplained|extra|hidden) (charges?|fees?|bill\w*|amount)|"
    r"billing error|(why|still|keep|kept) .{0,20}(charg|bill)\w*|chargeback|"
    r"(charged|billed|debited) (me|for|my)",
    "danger": r"fire|flames|burn(ed|t|ing)?|explod\w*|smok(e|ing)|sparks?|sparking|electric shock|"
    r"swollen|swelling|gas|injur\w*|hurt|bleeding|hospital|ambulance|emergency|poison\w*|allergic|"
    r"chok\w*|swallowed|threaten\w*|accident|911|112|unsafe|dangerous",
    "thanks": r"thanks?|thank you|thx|cheers|appreciate\w*|perfect|excellent|great|awesome|amazing|"
    r"fantastic|wonderful|brilliant|love|lovely|happy|glad|pleased|delighted|best|helpful|nice|yay",
    "negation": r"not|no|never|n t|don t|doesn t|didn t|won t|can t|cannot|without",
    "asking": r"^(how|what|where|when|which|who|is|are|do|does|can|could|will|would|may)\b.*",
    "death": r"die|dying|dead|death|kill\w*|suicid\w*|overdos\w*|end (it|my life|it all)|"
    r"hang myself|cut(ting)? myself|hurt(ing)? myself|self harm\w*|(live|living|alive)|unalive",
    "me": r"i|me|my|myself|mine",
    "you": r"you|your|ur|u",
}
_PATTERNS = tuple(re.compile(rf"\b(?:{words})\b") for words in _WORDS.values())
_LOOKS = ("shouting", "exclaiming")
NAMES = (*_LOOKS, *_WORDS)
"""The features in their order."""
# Against components of a unit vector a flag of 1 would drown them.
_SCALE = 0.35
_READ = 1500
_SHORTEST_SHOUT = 6
_MANY = 3
_NOT_WORD = re.compile(r"[^\w*]+")


def features(text: str) -> Vectors:
    """One row of numbers from 0 to `_SCALE`; only the two ends of a very long text count."""
    said = text if len(text) <= 2 * _READ else f"{text[:_READ]} {text[-_READ:]}"
    letters = [letter for letter in said if letter.isalpha()]
    shouted = sum(letter.isupper() for letter in letters) / max(1, len(letters))
    loud = shouted if len(letters) >= _SHORTEST_SHOUT and shouted > 0.5 else 0.0  # noqa: PLR2004 - most of them
    plain = " ".join(_NOT_WORD.sub(" ", said.casefold()).split())
    found = [
        loud,
        min(said.count("!"), _MANY) / _MANY,
        *(float(pattern.search(plain) is not None) for pattern in _PATTERNS),
    ]
    return _SCALE * np.array(found, dtype=np.float32)


def joined(vectors: Vectors, texts: Sequence[str]) -> Vectors:
    """What a head is given: each text's vector and its features, side by side."""
    if not texts:
        return np.empty((0, vectors.shape[1] + len(NAMES)), dtype=np.float32)
    rows = np.stack([features(text) for text in texts])
    return np.concatenate([vectors, rows], axis=1, dtype=np.float32)
