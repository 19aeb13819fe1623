"""Hears a greeting, thanks, a goodbye or a plain yes: words that want a word back, no article."""

import re
import unicodedata
from typing import Literal, TypeAlias

Courtesy: TypeAlias = Literal["hello", "thanks", "bye", "asks", "fine", "yes", "no"]

_HELLO = """
hi hello hey hiya heya howdy yo greetings morning afternoon evening sup hallo hola bonjour ciao
salut servus moin gm hai helo hullo
"""
_THANKS = """
thanks thank thx thnx tnx thanx ty tysm cheers ta danke merci gracias grazie obrigado obrigada
appreciated appreciate grateful kudos thankyou thanku
"""
_BYE = "bye goodbye byebye cya farewell adios tschuess ciao later night goodnight"
_FINE = """
ok okay okey okie k kk great perfect super cool nice good fine awesome excellent wonderful
brilliant lovely fantastic amazing alright sorted solved understood noted gotcha ah oh wow helpful
worked works
"""
_YES = "yes yeah yep yup ya sure yea absolutely definitely"
_NO = "no nope nah"
# Said around the others; alone they are no courtesy.
_AROUND = """
there all team everyone everybody folks guys sir madam mam maam dear friend mate man bot assistant
careline you u so very much a an lot lots bunch million ton for your the my help support time
answer reply info information assistance quick fast response again really i we it is that was this
its and have had day one weekend rest of ahead to too as well then now please pls got see take care
do me just will be in touch else more bit kind kindly helping answering most thats im am done set
happy doing today hope everything cu soon friends here back with indeed right many ever best
obliged trying tried talk talking chat chatting speak speaking conversation pleasure enjoy enjoyed
regards job catch ai siri alexa fellow sweet made been big yourself
"""
_GROUPS: tuple[tuple[Courtesy, frozenset[str]], ...] = (
    ("thanks", frozenset(_THANKS.split())),
    ("bye", frozenset(_BYE.split())),
    ("hello", frozenset(_HELLO.split())),
    ("yes", frozenset(_YES.split())),
    ("no", frozenset(_NO.split())),
    ("fine", frozenset(_FINE.split())),
)
_FILLER = frozenset(_AROUND.split())
# Whole sayings whose words mean something else apart.
_SAYINGS: tuple[tuple[Courtesy, str], ...] = (
    ("hello", r"how ?(are|re|s|is|r) (you|u|things|everything|it|your day)( (doing|going))?"),
    ("hello", r"how have (you|u) been( doing)?|are you (ok|okay|(doing )?(ok|okay|alright|well))|"
              r"what ?s (up|new)|whats (up|new)"),
    ("hello", r"(is )?(anybody|anyone|somebody) (there|here)"),
    ("hello", r"good (day|morning|afternoon|evening)( to you)?"),
    ("bye", r"((i (will )?)?(see|talk to|speak to) (you|u|ya)|see ya|have a (good|great|nice|lovely"
            r"|wonderful) (\w+)( \w+)?|take care|so long|good ?night|until next time|ttyl)"),
    ("thanks", r"(you (have been|were|are) (very |so |really |most )?(helpful|great|kind|awesome"
               r"|amazing)|that (really )?(helps|helped)( me)?( a lot)?)"),
    ("bye", r"nothing else|that will be all"),
    ("fine", r"((that|this|it) (is|was) (all|it)( i (need|needed|wanted))?|that ?s (all|it)|"
             r"(i )?got it|sounds good|makes sense|i see|i understand|all (good|clear|set)|"
             r"no (problem|worries)|never ?mind|that (works|worked)|it works( now)?|well done)"),
    ("no", r"(no|not) (thanks|thank you|right now|really|at the moment|today)"),
    ("yes", r"(yes|yeah|yep|ok|okay|sure) (please|do|do that|do it|go ahead)|please do|"
            r"go ahead|that would be (great|nice|good|lovely)|of course"),
)  # fmt: skip
_ASKS = re.compile(
    r"(?:(?:hi|hello|hey|please|there) )*(?:"
    r"(?:can|could|would|will) (?:you|u|someone) (?:please )?(?:help|assist)(?: me| us)?(?: out)?"
    r"(?: with (?:something|a question|a problem|an issue))?"
    r"|(?:i|we|id) (?:need|want|like|would like) (?:some |your |a bit of )?"
    r"(?:help|assistance|support|information)"
    r"|(?:i have|i ?ve got|i got|ive) (?:an? |one |another |some )?(?:quick )?"
    r"(?:questions?|problems?|issues?|requests?)"
    r"|help(?: me)?|(?:quick )?question|can i ask (?:you )?(?:a question|something)"
    r"|i need to ask (?:you )?something)(?: (?:please|pls|thanks|now|asap))*"
)
_SAID = tuple((kind, re.compile(rf"(?<!\w)(?:{text})(?!\w)")) for kind, text in _SAYINGS)
_SIGNED: dict[Courtesy, str] = {
    "fine": "👍👌✅🆗😀😃😊🙂😄🎉💯",
    "thanks": "🙏❤💙💚😍🥰👏🤗",
    "hello": "👋",
    "no": "👎",
}
_SIGNS = {sign: kind for kind, signs in _SIGNED.items() for sign in signs}
_SMILEYS = re.compile(r"(?<!\w)(?::-?\)|:-?d|;-?\)|<3|\^\^|xd)(?!\w)", re.IGNORECASE)
_LONGEST = 14
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_WORD = re.compile(r"[^\W_]+")
_ORDER: tuple[Courtesy, ...] = ("thanks", "bye", "no", "yes", "hello", "fine")
# Asked with a question mark, these are questions: "is this good?"
_STATED: frozenset[Courtesy] = frozenset(("fine", "yes", "no"))


def courtesy(text: str) -> Courtesy | None:
    """What a message is when nothing else is in it; None when there is anything to answer."""
    plain, heard = _signs(text)
    words = _plain(plain)
    if _ASKS.fullmatch(words):
        return "asks"
    if words:
        heard |= _kinds(words)
        if not heard or not _nothing_else(words):
            return None
    found = next((kind for kind in _ORDER if kind in heard), None)
    return None if found in _STATED and "?" in text else found


def without_courtesy(text: str) -> str:
    """The text without a greeting before it and thanks after it; itself if nothing else is left."""
    left = _LEADING.sub("", text.strip(), count=1)
    left = _TRAILING.sub("", left, count=1).strip()
    return left if len(_WORD.findall(left)) > 1 else text


def _signs(text: str) -> tuple[str, set[Courtesy]]:
    """The text without its emoji, and what those say."""
    heard: set[Courtesy] = {kind for sign, kind in _SIGNS.items() if sign in text}
    if _SMILEYS.search(text):
        heard.add("fine")
    kept = (one for one in _SMILEYS.sub(" ", text) if not _is_sign(one))
    return "".join(kept), heard


def _is_sign(letter: str) -> bool:
    return unicodedata.category(letter) in ("So", "Sk", "Cf", "Mn")


def _plain(text: str) -> str:
    """Lower case words with one space between them; stretched letters shortened."""
    words = _WORD.findall(text.casefold().replace("\u2019", "'").replace("'", ""))
    short = (_STRETCHED.sub(r"\1", word) for word in words[: _LONGEST + 1])
    return " ".join(short)


def _kinds(words: str) -> set[Courtesy]:
    heard: set[Courtesy] = {kind for kind, said in _SAID if said.search(words)}
    each = set(words.split())
    return heard | {kind for kind, group in _GROUPS if not each.isdisjoint(group)}


def _nothing_else(words: str) -> bool:
    """Whether the sayings, courteous words and what stands around them are all there is."""
    for _, said in _SAID:
        words = said.sub(" ", words)
    left = words.split()
    if len(left) > _LONGEST:
        return False
    courteous = frozenset().union(*(group for _, group in _GROUPS))
    return all(word in courteous or word in _FILLER for word in left)


_LEADING = re.compile(
    r"\A(?:(?:hi|hello|hey|hiya|howdy|dear|good (?:morning|day|afternoon|evening)|greetings)"
    r"(?: (?:there|all|team|everyone|guys|sir|madam|support|sir or madam|sir/madam))*"
    r"[\s,.!:;\u2013-]+)+",
    re.IGNORECASE,
)
_TRAILING = re.compile(
    r"[\s,.!;?\u2013-]+(?:(?:many )?thanks|thank you|thx|ty|cheers|(?:(?:kind|best) )?regards)"
    r"(?: (?:a lot|so much|very much|in advance|for your help|again))*[\s.!,]*$",
    re.IGNORECASE,
)
