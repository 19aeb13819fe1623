"""A client of a Chroma server that gives up waiting. Imports chromadb: half a second."""

from urllib.parse import urlsplit

from chromadb.api.client import Client
from chromadb.auth import UserIdentity
from chromadb.config import DEFAULT_DATABASE, DEFAULT_TENANT, Settings
from typing_extensions import override

_HTTPS_PORT = 443
_CHROMA_PORT = 8000


class PatientClient(Client):
    """Chroma 1.5.9 opens its HTTP sessions without a time-out, and no setting gives them one.

    Its constructor asks the server at once, over two sessions: each gets its time-out in the
    step that first uses it.
    """

    def __init__(self, settings: Settings, seconds: float) -> None:
        self._seconds = seconds
        super().__init__(DEFAULT_TENANT, DEFAULT_DATABASE, settings)

    @override
    def get_user_identity(self) -> UserIdentity:
        self._limit(self._server)
        return super().get_user_identity()

    @override
    def _validate_tenant_database(self, tenant: str, database: str) -> None:
        self._limit(getattr(self._admin_client, "_server", None))
        super()._validate_tenant_database(tenant, database)

    def _limit(self, server: object) -> None:
        session = getattr(server, "_session", None)
        if session is None:
            raise RuntimeError("this Chroma keeps its HTTP session elsewhere")
        session.timeout = self._seconds


def connect(url: str, settings: Settings, seconds: float) -> PatientClient:
    """Reach the server at `url`; no answer of it is awaited longer than `seconds`."""
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    settings.chroma_api_impl = "chromadb.api.fastapi.FastAPI"
    settings.chroma_server_host = parts.hostname or "localhost"
    settings.chroma_server_http_port = parts.port or (_HTTPS_PORT if secure else _CHROMA_PORT)
    settings.chroma_server_ssl_enabled = secure
    return PatientClient(settings, seconds)
