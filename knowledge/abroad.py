"""The ways people ask for a person in other languages than English, where no head can read them.

Written over normalised text: lower case, no accents, stops apart. `<who>` and the like stand for
the groups of the language, as in `knowledge.phrases`.
"""

import re
from functools import cache
from typing import NamedTuple


class Tongue(NamedTuple):
    """One language: groups, what is a request anywhere, and what is one when nothing else is said."""

    groups: dict[str, str]
    requests: tuple[str, ...]
    alone: tuple[str, ...]
    declines: str


_GERMAN = Tongue(
    {
        "kind": "(einen?|einem|einer|eine|nem|ne[nr]?|ein|den|dem|der|die|das|ihrem|ihrer|ihren|eurem|eurer|"
        "euren|ihr|euer|richtig\\w*|echt\\w*|real\\w*|wirklich\\w*|menschlich\\w*|lebend\\w*|normal\\w*|"
        "anderen?|anderem|zustandig\\w*|kompetent\\w*)",
        "role": "(mensch(en)?|person|mitarbeiter(in|n)?|berater(in|n)?|kundenberater(in)?|kollegen?|kollegin|"
        "kundenservice|kundendienst|kundenbetreu\\w+|service ?mitarbeiter(in)?|support|sachbearbeiter(in)?|"
        "ansprechpartner(in)?|vorgesetzten?|chef(in)?|agent(en)?|hotline|team|fachmann|techniker)",
        "one": "(jemand(en|em)?|irgend ?(jemand(en|em)?|wen|wem)|wen|wem)",
        "who": "((<kind> )*<role>|<one>)",
        "talk": "(sprechen|reden|telefonieren|chatten|schreiben|unterhalten|kommunizieren|verbunden werden)",
        "machine": "((chat ?)?bots?|roboter|maschinen?|computer|ki|automat(en)?)",
    },
    (
        "mit <who>( \\w+){0,4} <talk>",
        "(sprech|rede|spreche|telefoniere|sprechen|reden) (\\w+ ){0,3}mit <who>",
        "(verbinde|verbinden|verbind|stell|stellen|leite|leiten|gib|geben|hol|holen|schick|schicken) "
        "(sie |bitte )*(mich|uns|mir|das)( \\w+){0,4} (<role>|<one>|durch|weiter)",
        "(brauche?|will|mochte|wunsche|hatte gern\\w*|bitte|benotige|suche|gibt es|kann) (\\w+ ){0,3}"
        "(echten?|richtigen?|menschlichen?|realen?|lebenden?) <role>",
        "(brauche?|will|benotige|verlange|mochte|hatte gerne?) (bitte |jetzt |sofort |endlich |dringend )*"
        "((<kind> )*(mensch(en)?|person|mitarbeiter(in)?|berater(in)?)|jemanden?)"
        "(?= ?[.?!,;]|$| (der|bitte|jetzt|sofort|mit dem|sprechen))",
        "(kann|konnte|soll|kannst|konnten) (mich|uns|mir) (bitte )?(jemand|ein mitarbeiter|<one>)( \\w+){0,4}",
        "(bitte )?(um )?(ruckruf|rufen sie mich|ruf mich)( bitte| an| zuruck)*(?= ?[.?!,;]|$)",
        "ist (da|hier|dort) (\\w+ )?(jemand|ein mensch|ein echter mensch)",
        "(erreiche|erreichen|kontaktiere) ich (\\w+ )?(<role>|<one>)",
        "(kein|keinen|keine|keinem|nicht) (\\w+ ){0,4}<machine>( \\w+){0,2} "
        "(reden|sprechen|schreiben|chatten|mehr|bitte|jemand\\w*|mensch\\w*)",
        "(konnen|konnten|kannst|konntest|wurden) (sie|du) mich (bitte )?(\\w+ ){0,2}"
        "(weiterleiten|verbinden|durchstellen)",
        "(mochte|will|wurde gerne?) (\\w+ ){0,3}(weitergeleitet|verbunden|durchgestellt) werden",
    ),
    (
        "(bitte |hallo )*(einen? |ein |echter? |richtiger? |realer? |menschlicher? )*(mensch(en)?|mitarbeiter|"
        "berater|ansprechpartner|person|kundenservice|kundenberater|kundendienst)( bitte| jetzt| sofort)*",
        "kein(en)? <machine>( bitte| mehr)*",
    ),
    "(will|mochte|brauche|muss|verbinden sie mich) (\\w+ ){0,2}(nicht|keinen?|keine) (mit |eine[mnr]? |keinen? |echten |richtigen )*"
    "(mensch|mitarbeiter|berater|jemand|person)",
)
_FRENCH = Tongue(
    {
        "kind": "(une?|l|le|la|les|des|de|d|votre|vos|vraie?s?|reel(le)?s?|humaine?s?|autre|veritable|"
        "personne|service|responsable)",
        "role": "(humaine?s?|etre humain|personnes?|conseill(er|ere|ers)|agents?|operateurs?|operatrice|"
        "responsable|superviseur|manager|collegues?|employes?|service client(ele)?|service clients|"
        "support|assistance|technicien(ne)?|equipe|interlocuteur|representant)",
        "who": "((<kind> )*<role>|quelqu un( \\w+)?|qqn|qq1|qqun)",
        "talk": "(parler|discuter|echanger|causer|dialoguer|m entretenir|communiquer|chatter)",
    },
    (
        "<talk> (\\w+ ){0,2}(a|au|aux|avec|directement a) <who>",
        "parler (\\w+ ){0,1}<who>",
        "(passe[zr]?|transfere[zr]?|connecte[zr]?|mette[zs]?|mettre|dirige[zr]?|met|redirige[zr]?)[ -]*"
        "(moi|nous)?( \\w+){0,3} (a|au|avec|vers|en relation avec|en contact avec|un|une|le)? ?<who>",
        "me (passer|transferer|mettre en relation|mettre en contact|connecter)( \\w+){0,2} <who>",
        "(veux|voudrais|souhaite|besoin d|besoin de|exige|aimerais|demande|prefere) (\\w+ ){0,1}"
        "(une? )?(vraie? |reel(le)? )?(humaine?|etre humain|conseill(er|ere)|agent|operateur|operatrice|"
        "interlocuteur|personne (reelle|humaine|physique))",
        "(veux|voudrais|besoin d) (une? )(vraie |autre )?personne",
        "(joindre|contacter|avoir) (\\w+ ){0,1}(une? )(vraie? |reel(le)? )?(humaine?|conseill(er|ere)|agent|"
        "operateur|personne|responsable)( \\w+)?(?= ?[.?!,;]|$| (au|par|pour))",
        "(quelqu un|une? (vraie )?personne|un conseiller) (peut|pourrait|pour) (\\w+ )?(il )?(me |m )?"
        "(repondre|aider|rappeler|appeler|parler)",
        "(rappelez|rappeler|appelez)[ -](moi|nous)",
        "y a (t il )?(quelqu un|une vraie personne|un humain)",
        "(pas|plus|marre) (\\w+ ){0,4}(un |d un |ce |de |des )?(robots?|bots?|machines?|ordinateur)",
    ),
    (
        "(bonjour |svp |s il vous plait )*(un |une |vraie? )*(conseill(er|ere)|humain|agent|operateur|personne|"
        "vraie personne|service client|quelqu un)( humain| svp| stp| s il (vous|te) plait| reelle?| maintenant)*",
    ),
    "(ne |n )(veux|souhaite|ai|voudrais) pas (\\w+ )?(besoin )?(<talk>|d|de|une?|parler)(?! (a|avec) (un |une |ce "
    "|cette )?(robots?|bots?|machines?))",
)
_SPANISH = Tongue(
    {
        "kind": "(una?|el|la|los|las|al|del|algun|alguna|otro|otra|su|sus|verdader[oa]|real(es)?|human[oa]|"
        "autentic[oa]|servicio|persona)",
        "role": "(human[oa]s?|ser humano|personas?|agentes?|asesor(a|es)?|operador(a|es)?|representantes?|"
        "supervisor(a)?|encargad[oa]|gerente|emplead[oa]s?|servicio al cliente|atencion al cliente|soporte|"
        "tecnic[oa]|responsable|ejecutiv[oa]|consultor(a)?|companer[oa])",
        "who": "((<kind> )*<role>( (real|human[oa]|de verdad))?|alguien( \\w+)?)",
        "talk": "(hablar|chatear|conversar|comunicarme|contactar(me)?|platicar|charlar)",
    },
    (
        "<talk> (\\w+ ){0,2}(con|a) <who>",
        "(paseme|pasame|pasenme|conecteme|conectame|transfierame|transfiereme|comuniqueme|comuniqueme|"
        "comunicame|pongame|ponme|derive(me)?|transferir(me)?|pasar(me)?|comunicar(me)?|conectar(me)?) "
        "(\\w+ ){0,2}(con|a|al) <who>",
        "(necesito|quiero|quisiera|exijo|prefiero|deseo|busco|dame|deme) (\\w+ ){0,1}(una? )?(asesor(a)?|agente|"
        "human[oa]|operador(a)?|representante|ser humano|persona (real|humana|de verdad)|supervisor)"
        "( (real|human[oa]|de verdad))?",
        "(necesito|quiero|quisiera) (una |otra )persona(?= ?[.?!,;]|$| (que|por))",
        "(necesito|quiero|quisiera) que (me (atienda|ayude|llame|conteste)|alguien)( \\w+){0,3}",
        "(me|nos) (puede|podria|pueden|podrian) (\\w+ )?(atender|ayudar|llamar|contestar)(me)? (una? )?"
        "(persona|agente|alguien|human[oa]|asesor)( (real|human[oa]))?",
        "(puede|podria|pueden) (atenderme|ayudarme|llamarme) (una? )?(persona|agente|alguien|human[oa]|asesor)",
        "(llamenme|llameme|llamame)( por favor)?",
        "hay (alguien|una persona|algun agente|alguna persona)( \\w+){0,3}",
        "no (quiero|deseo) (\\w+ ){0,2}(con )?(una? |este |mas )?(robots?|bots?|maquinas?)",
    ),
    (
        "(hola |por favor )*(una? )?(agente|asesor(a)?|human[oa]|persona|operador(a)?|representante|persona real|"
        "servicio al cliente|atencion al cliente|ser humano)( por favor| human[oa]| real| ya| ahora)*",
    ),
    "no (quiero|necesito|deseo) (\\w+ )?(<talk>|una? (agente|persona|asesor|humano))(?! (con )?(una? |este )?"
    "(robots?|bots?|maquinas?))",
)
_ITALIAN = Tongue(
    {
        "who": "((un|uno|una|un altro|vostro|vera|vero|persona|reale|il|lo|la) )*(operatore|operatrice|persona|"
        "umano|essere umano|consulente|addetto|responsabile|assistenza clienti|servizio clienti|qualcuno)",
    },
    (
        "(parlare|chattare|comunicare|parlo) (\\w+ )?(con|a) (un )?<who>",
        "(passami|passatemi|mi passi|trasferitemi|mettetemi in contatto|collegatemi) (\\w+ ){0,2}<who>",
        "(voglio|vorrei|ho bisogno di|mi serve) (un |una )(operatore|umano|consulente|persona (vera|reale)|"
        "essere umano)",
    ),
    ("(un )?(operatore|umano|persona reale|assistenza clienti|consulente)( per favore| umano)*",),
    "non (voglio|vorrei|serve|ho bisogno) (\\w+ ){0,2}(parlare|operatore)",
)
_DUTCH = Tongue(
    {
        "who": "((een|de|een echte?|echte?|uw|jullie|andere?|menselijke) )*(mens|persoon|medewerker|collega|iemand|"
        "klantenservice|adviseur|leidinggevende)",
    },
    (
        "met <who>( \\w+){0,3} (spreken|praten|chatten|bellen)",
        "(spreken|praten|chatten|doorverbinden|doorverbonden)( worden)? (\\w+ )?met <who>",
        "(verbind|verbindt|schakel) (\\w+ ){0,2}(met|door)( <who>)?",
        "(wil|wens|nodig|graag) (een )?(echte |menselijke )?(mens|medewerker|persoon)(?= ?[.?!,;]|$)",
    ),
    (
        "(een )?(echte |menselijke )?(medewerker|mens|persoon|klantenservice)( alsjeblieft| aub| graag)*",
    ),
    "(wil|hoef) (\\w+ )?(niet|geen) (\\w+ ){0,2}(medewerker|iemand|mens)",
)
_PORTUGUESE = Tongue(
    {
        "who": "((um|uma|o|a|outro|outra|algum|alguma|vosso|verdadeira?|real) )*(atendente|pessoa|humano|agente|"
        "operador(a)?|ser humano|assistente|supervisor(a)?|gerente|apoio ao cliente|alguem)( real| humano)?",
    },
    (
        "(falar|conversar) (\\w+ )?(com|a) <who>",
        "(me (passa|passe|transfere|transfira)|passe me|transfira me|ligue me) (\\w+ ){0,2}<who>",
        "(quero|preciso de|gostaria de|queria) (um |uma )?(atendente|humano|operador|pessoa real|ser humano)",
    ),
    ("(um |uma )?(atendente|humano|operador|pessoa real|ser humano)( por favor| humano)*",),
    "nao (quero|preciso) (\\w+ ){0,2}(falar|atendente)",
)
TONGUES = (_GERMAN, _FRENCH, _SPANISH, _ITALIAN, _DUTCH, _PORTUGUESE)


def _pattern(tongue: Tongue, patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(rf"\b(?:{_expanded(one, tongue)})(?!\w)" for one in patterns))


def _expanded(pattern: str, tongue: Tongue) -> str:
    while (found := re.search(r"<(\w+)>", pattern)) is not None:
        pattern = pattern.replace(found[0], f"(?:{tongue.groups[found[1]]})")
    return pattern


@cache
def _compiled() -> tuple[tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]], ...]:
    """At the first use: it takes some milliseconds, which a start can do without."""
    return tuple(
        (
            _pattern(tongue, tongue.requests),
            re.compile(f"(?:{_pattern(tongue, tongue.alone).pattern})[ .!?]*"),
            _pattern(tongue, (tongue.declines,)),
        )
        for tongue in TONGUES
    )


def asked_abroad(heard: str) -> bool:
    """Whether normalised text asks for a person in one of the languages."""
    for request, alone, declines in _compiled():
        if alone.fullmatch(heard):
            return True
        if request.search(heard) and not declines.search(heard):
            return True
    return False
