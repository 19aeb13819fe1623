"""The ways people ask for a person, as patterns over normalised text.

Written small: `<who>` and the like stand for the groups below, a space for a space, and every
pattern begins and ends at a word. Stops (. ? ! ;) stand alone, and commas too.
"""

import re

_GROUPS = {
    # Whom one asks for. Roles are meant even when named alone; anyone only when talked to.
    "kind": (
        "real|really|actual|live|living|human|normal|proper|physical|other|another|different|new|"
        "single|customer|service|support|care|help|helpdesk|non robotic|damn|bloody|fucking|"
        "freaking|f cking|competent|it|bank|sales|bit|of|your|one|any|some|the|a|an"
    ),
    "human": "humans?(?! (resources?|rights?|errors?|factors?|readable|hair|body))( beings?)?",
    "role": (
        "<human>|agents?|representatives?|reps?|operators?|advis[oe]rs?|supervisors?|managers?|"
        "consultants?|specialists?|technicians?|engineers?|clerks?|employees?|workers?|"
        "assistants?|staff( members?)?|members? of (the |your )?(staff|team)|"
        "receptionists?|reception|front desk|cleaners?|team( members?)?|help ?desk|service desk|"
        "(customer |client )?(service|support|care)( (team|desk))?|sales"
    ),
    "one": ("some ?one|some ?body|any ?one|any ?body|persons?|people|man|woman|guy|individual"),
    "who": "((<kind>) )*(<role>|<one>)",
    "person": "((<kind>) )*(<human>|agent|representative|operator|manager|supervisor|person)",
    "machine": (
        "(chat ?)?bots?|robots?|machines?|computers?|ai|virtual (agents?|assistants?)|"
        "automated (systems?|repl(y|ies)|responses?|answers?|messages?|assistants?)"
    ),
    # What is wanted with them.
    "talk": ("talk|talking|speak|speaking|chat|chatting|converse|communicate|have a (word|chat)"),
    "frame": (
        "can i|can we|can t i|could i|could we|may i|might i|should i|must|i want|we want|"
        "i need|we need|i like|i love|i d like|we d like|would like|d rather|would rather|prefer|"
        "let me|let us|"
        "have to|got to|want to|need to|like to|wish to|trying to|try to|how do i|how can i|"
        "possible to|able to|allow me to|i will|i ll"
    ),
    "help": (
        "help|assist|call|contact|phone|ring|answer|talk|speak|take over|deal with|handle|"
        "look (at|into) (this|it|my (case|order|account|issue|ticket|request|claim|complaint))"
    ),
    "case": (
        "this|it|that|(my|the) (case|call|chat|conversation|issue|problem|ticket|request|complaint)"
    ),
    # What may follow, so that the person is the end of the wish and not a part of a thing.
    "end": (
        "(?=$| ?[.?!,;]| (please|now|asap|immediately|here|today|instead|already|thanks|thank|"
        "right|at once|on the (line|phone)|to (talk|speak|help|chat|take|look|"
        "answer|assist|sort|call)|that can|who can|for help|about|because)( |$))"
    ),
}

REQUESTS = (
    # Let me talk to one.
    "<talk> (directly |only |live |again )?(to|with|w) <who>"
    "(?! (in|on|over|via) (teams|zoom|slack))",
    "(<frame>) ((just|finally|also|directly|please|you|me|i) )*speak (directly )?(to|with) "
    "(the|your|some of your|one of your|another)",
    "<who>( here| there)? (that |who )?(i|we) (can|could|may) (please )?(<talk>|contact|call)",
    "<who> (here |there )?to (<talk>) (to|with)",
    # Hand me over.
    "(transfer|patch|pass|hand) (me|us)( over| through| on| now| please)* (to|with)",
    "put (me|us) (through|over|in touch|in contact)",
    "(patch|pass) (me|us) (through|over|on)",
    "(put|get) (me|us) (on |through )?(to|with) <who>",
    "(connect|switch|redirect|refer|forward|route|escalate) (me|us)( over| through| now| please)* "
    "(to|with) (<who>|(the|your) (\\w+ )?(team|desk|department))",
    "(connect|transfer|put|hand|switch|escalate|pass) (<case>)( over| through| on)? "
    "(to|with) (<who>|(a|another|your) colleague)",
    "(transfer|connect|escalate) (me|us)<end>",
    "(escalate|hand ?over|handoff) (<case>)",
    # Give me one.
    "(get|give|fetch|bring|send|find|show) (me|us)( to| with)? <who><end>",
    "(get|give|fetch|find) (me|us) (to )?<person>(?! (name|number|software|version|installed))",
    "(get|have|ask|let|find|want|need) <who> (else )?to (<help>)",
    "get ((<kind>) )*(<one>)( else)? on (the )?(line|phone)",
    "get me to (<one>)( else)?",
    "(i|we) (\\w+ )?(need|want|demand|request|require|prefer|d like|would like|d prefer|"
    "would prefer|insist on|asked for|am asking for)( (to have|to get|to see|help from))? "
    "((<kind>) )*(<role>|person)<end>",
    "(need|want|prefer|demand|would like|request) ((a|an|the|some|to have) )*"
    "(real|live|actual|human|normal) (person|human|agent|being|support|advisor|operator|rep|"
    "representative|people|help|assistance|assistant|someone)",
    "(<human>|agent|representative|operator|person|rep) (please|now|asap)",
    "please (a )?(real |live )?(<human>|agent|representative|operator|person)$",
    "(refund|help|answer|support|assistance|directly) from (a|an|your|one of your) "
    "(real |live |human )*(<human>|agents?|person|representative|operator)",
    "(refund|answer|reply|it|this) from (a|an) (agent|human|representative)",
    # How do I reach one?
    "(contact|contacting|reach|reaching|get hold of|get in touch with|get through to|hear from) "
    "((<kind>) )*(<human>|agents?|operators?|representatives?|persons?|live support)",
    "(are|is) there (no |not |at |least )*((<kind>) )*(<role>|<one>)"
    "( (i can|to))? (here|there|available|around|online|at all|at home|alive|on duty|<talk>)",
    # Somebody else, call me.
    "(can|could|would|will) (some ?one|some ?body|any ?one)( else)? (please )?"
    "(take over|(look (at|into)|take a look at|have a look at|deal with|handle) "
    "(this|it|me|my (case|order|account|issue|ticket|request|refund|claim|complaint|problem)))",
    "(?<!what )(please|just|now|and|then|can you|could you|would you|will you|you to|"
    "(can|could|have|get|ask|need|want) ((a|an|your) )?(<one>|<role>)( to)?) call me<when>",
    "give me a (call|ring)(?! (when|before|if|once))",
    "call me back(?! (when|before|if|once))",
    "(speak|talk|chat) 2 <who>",
    "if ((<kind>) )*(<role>|<one>) (could|can|would) (please )?(<help>)",
    "put ((<kind>) )*<human> on",
    "(request|want|need|like|get|arrange|have) a call ?back",
    "(have|get|ask) (<one>|<role>) (to )?(please )?(call|phone|ring|contact) (me|us)"
    "(?! (when|before|if|once))",
    "(can|could|would|will) (<one>) (please )?(call|phone|ring) (me|us)(?! (when|before|if|once))",
    "(whoever|the person|the one|someone|somebody) (is |who is )?in charge(?! of)",
    "(with|to) one of your (colleagues|people|staff|team|employees|agents|advis[oe]rs)",
    "who (can|could|do|should) (i|we) (<talk>) (to|with)(?! (the|when|if) )",
    "(get|have) ((a|an|some) )*(real|actual|live|human) (person|human|agent|one|people) in here",
    "(any|some) (real|actual|live|human) (people|humans|persons|agents) (here|there|working)",
    "(done|finished|through) (with )?(<talk>) (to|with) ((a|an|the|this|your|stupid) )*(<machine>)",
    # Not you.
    "(do not|don t|dont|not|never|stop|tired of|sick of|hate|had enough of|fed up with|"
    "instead of|rather than|no more) ((want|like|need|going|wish|to|be|a|an|the|this|these|your|"
    "any|with|trust|talking|talk|speaking|speak|chat|chatting|deal|dealing|use|using|feel|"
    "comfortable|sharing|share|my|personal|details|data|stupid|damn|fucking|bloody|wasting|waste|"
    "time|having|have|conversation|typing) )*(<machine>)"
    "(?! (learning|account|name|screen|room|setup|network|access|off|on|again|in the|updates?))",
    "(don t|dont|do not|not going to|won t|refuse to) (want |wish |like )?(to )?"
    "(talk|speak|chat) (to|with) you(?! (guys|about it))",
    "wasting (my )?time with (a|this|the) (<machine>)",
)  # fmt: skip

# The whole message, and nothing else.
ALONE = (
    "(please )?(escalate|hand ?over|handoff)( (<case>|please|now))*",
    "((hi|hello|hey) (, )?)?(is )?(there )?(anybody|anyone|somebody|someone) "
    "(there|here|home|alive)",
    "(please )?(transfer|connect)( (me|us))?( please| now)*",
    "(where s|wheres|where is) (the |your )?(human|real|live) (support|help|agent|person|people)",
    "(customer |client )?(support|service|care)( (agent|team|desk))?( please| now)+",
    "(human|real|live) (support|help|assistance|agent|chat)( please| now)*",
    "(no|not a?|stop|enough)( (more|this|the|you|stupid))* (<machine>)"
    "( please| thanks| any ?more)*",
    "(please )?(call|phone|ring) me<when>.*",
)  # fmt: skip

# Asked for the opposite, or asked about it.
DECLINES = (
    "(do not|don t|dont|did not|didn t|no need to|no need for|needn t|never|without|instead of|"
    "rather than|not) ((want|need|have|wish|like|to|you|me|having|please) )*"
    "(talk|talking|speak|speaking|transfer|connect|call|phone|put|a human|a person|an agent|"
    "escalate)(?! (to|with) (you|((this|a|an|your|the) )*(<machine>)))",
    "(am|was) i (<talk>)",
    "are you (a |an )?(real|human|ai|bot|person|live)",
    "(act|think|sound|talk|speak|behave) like",
    "(i am|i m|you are|you re) not an? (<machine>)",
    "do (i|we) (have|need) to (<talk>|call|contact)",
)  # fmt: skip

_WHEN = (
    "(?=$| ?[.?!;]| (back|please|now|asap|at|on|about|regarding|today|tomorrow|immediately|"
    "urgently|right|later|instead|so|and|because|in|this (morning|afternoon|evening|week)|"
    "\\d\\S*)( |$))"
)


def compiled(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """One expression that finds any of them."""
    return re.compile("|".join(rf"\b(?:{_expanded(pattern)})(?!\w)" for pattern in patterns))


def _expanded(pattern: str) -> str:
    """Put the groups in, innermost last; no group is captured."""
    pattern = pattern.replace("<when>", _WHEN)
    while (found := re.search(r"<(\w+)>", pattern)) is not None:
        group = _GROUPS[found[1]]
        pattern = pattern.replace(found[0], f"({group})")
    return re.sub(r"(?<!\\)\((?!\?)", "(?:", pattern)
