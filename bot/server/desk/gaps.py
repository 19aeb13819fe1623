"""What the bot did not know: proposals as JSON, and what operators decide on them."""

from aiohttp import web

from bot.domain.contact import Person
from bot.domain.errors import BadRequest
from bot.domain.teaching import LONGEST_ANSWER, LONGEST_QUESTION, Proposal, Wording
from bot.server.desk import words
from bot.server.desk.answers import refuse
from bot.server.desk.arrivals import Json
from bot.server.desk.bodies import read_object, words_of
from bot.server.desk.deps import DeskDeps
from bot.server.desk.guard import Member

_SUGGESTED = 30
_SHOWN = 200


class Gaps:
    """For people with the right “operate”. Other lines' proposals do not exist for them."""

    def __init__(self, deps: DeskDeps) -> None:
        self._teaching = deps.teaching
        self._lines = deps.lines

    def routes(self) -> list[tuple[str, str, Member]]:
        """Method, path and what answers."""
        return [
            ("GET", "/api/gaps", self.list),
            ("GET", "/api/gaps/{id:[a-z0-9]{1,40}}/articles", self.articles),
            ("POST", "/api/gaps/{id:[a-z0-9]{1,40}}/{act:approve|reject|undo}", self.act),
        ]

    async def list(self, _request: web.Request, person: Person) -> web.StreamResponse:
        """`GET /desk/api/gaps`: the open ones first, of each the newest first."""
        if not person.may_operate():
            return refuse(403, words.NOT_TEACHER)
        found = [one for one in await self._teaching.found() if _may_see(person, one)]
        return web.json_response({"gaps": [self._shape(one) for one in found[:_SHOWN]]})

    async def articles(self, request: web.Request, person: Person) -> web.StreamResponse:
        """`GET …/{id}/articles?q=`: the articles a phrasing may go to, by words of theirs."""
        one = await self._mine(request, person)
        if one is None:
            return refuse(404, words.NO_GAP)
        asked = request.query.get("q", "").casefold().split()
        found = [
            {"id": article.id, "question": article.question}
            for article in await self._teaching.articles(one.kb)
            if all(word in f"{article.id} {article.question}".casefold() for word in asked)
        ]
        return web.json_response({"articles": found[:_SUGGESTED]})

    async def act(self, request: web.Request, person: Person) -> web.StreamResponse:
        """`POST …/{id}/{act}`: the answer is the proposal as it is now."""
        body = await read_object(request)
        one = await self._mine(request, person)
        if one is None:
            known = person.may_operate()
            return refuse(404, words.NO_GAP) if known else refuse(403, words.NOT_TEACHER)
        match request.match_info["act"]:
            case "approve":
                decided = await self._teaching.approve(one.id, _wording(body, one), by=person.id)
            case "reject":
                decided = await self._teaching.reject(one.id, by=person.id)
            case _:
                decided = await self._teaching.undo(one.id, by=person.id)
        return web.json_response(self._shape(decided))

    async def _mine(self, request: web.Request, person: Person) -> Proposal | None:
        if not person.may_operate():
            return None
        try:
            found = await self._teaching.get(request.match_info["id"])
        except BadRequest:
            return None
        return found if _may_see(person, found) else None

    def _shape(self, one: Proposal) -> Json:
        return {
            "id": one.id,
            "kb": one.kb,
            "line": one.line,
            "line_title": self._lines[one.line][0] if one.line in self._lines else one.line,
            "kind": one.kind,
            "state": one.state,
            "questions": list(one.questions),
            "answer": one.answer,
            "extractive": bool(one.answer),
            "article": one.article,
            "told_by": one.told_by,
            "count": one.count,
            "proposed_at": one.proposed_at.isoformat(),
            "decided_by": one.undone_by or one.decided_by,
            "decided_at": at.isoformat() if (at := one.undone_at or one.decided_at) else None,
            "pending": one.pending,
            "version": one.version,
        }


def _may_see(person: Person, one: Proposal) -> bool:
    return "*" in person.lines or one.line in person.lines


def _wording(body: dict[str, object], one: Proposal) -> Wording:
    """What is left out stays as proposed; a phrasing that names no article goes where proposed."""
    if "kind" in body and body["kind"] not in ("article", "phrasing"):
        raise BadRequest("“kind” must be article or phrasing.")
    kind = body.get("kind", "phrasing" if body.get("article") else one.kind)
    article = None
    if kind == "phrasing":
        article = words_of(body, "article", most=200) if "article" in body else one.article
        if article is None:
            raise BadRequest("A phrasing needs an article: choose one.")
    answer = words_of(body, "answer", most=LONGEST_ANSWER) if body.get("answer") else None
    return Wording(article=article, questions=_questions(body), answer=answer)


def _questions(body: dict[str, object]) -> tuple[str, ...] | None:
    found = body.get("questions")
    if found is None:
        return None
    if not isinstance(found, list):
        raise BadRequest("“questions” must be a list of texts.")
    return tuple(
        words_of({"questions": text}, "questions", most=LONGEST_QUESTION) for text in found
    )
