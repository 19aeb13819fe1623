"""Where Slack keeps files: slots to upload into, and private files that ask for the token."""

from dataclasses import dataclass, field
from typing import Any, TypeAlias

from aiohttp import web

from tests.contract.slack.limits import need

Json: TypeAlias = dict[str, Any]


@dataclass
class FileStore:
    """`uploads` by the id of their slot, `stored` what people have attached; `url` ends in "/"."""

    token: str
    url: str = ""
    uploads: dict[str, Json] = field(default_factory=dict)
    stored: dict[str, bytes] = field(default_factory=dict)

    def slot(self, body: Json) -> Json:
        """`files.getUploadURLExternal`."""
        need(bool(body["filename"]) and int(body["length"]) > 0, "invalid_arguments")
        file = f"F0UP{len(self.uploads):04}"
        self.uploads[file] = {"name": body["filename"], "length": int(body["length"])}
        return {"upload_url": f"{self.url}upload/{file}", "file_id": file}

    def delete(self, body: Json, messages: list[Json]) -> Json:
        """`files.delete`: a message that held nothing else goes with it."""
        gone = self.uploads.pop(body["file"], None)
        need(gone is not None, "file_not_found")
        messages[:] = [m for m in messages if gone not in m.get("files", ())]
        return {}

    async def upload(self, request: web.Request) -> web.Response:
        """Where a slot's content goes; its address is proof enough."""
        content = await request.read()
        found = self.uploads.get(request.match_info["file"])
        if found is None or found["length"] != len(content):
            return web.Response(status=400, text="not a slot")
        found["content"] = content
        return web.Response(text=f"OK - {len(content)}")

    def download(self, request: web.Request, *, allowed: bool) -> web.StreamResponse:
        """A private file; whoever may not see it is led to a page to sign in."""
        if not allowed or request.headers.get("Authorization") != f"Bearer {self.token}":
            raise web.HTTPFound("/signin")
        if request.match_info["file"] not in self.stored:
            raise web.HTTPNotFound
        return web.Response(body=self.stored[request.match_info["file"]])

    def attach(self, name: str, content: bytes) -> Json:
        """A file that somebody attaches, as a message has it."""
        file = f"F0AT{len(self.stored):04}"
        self.stored[file] = content
        url = f"{self.url}files-pri/{file}"
        return {
            "id": file,
            "name": name,
            "title": name,
            "mode": "hosted",
            "size": len(content),
            "url_private": url,
            "url_private_download": url,
        }
