"""The Chroma collections: one for each knowledge base, language and version."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.domain.errors import KnowledgeError
from knowledge.encoder import Vectors
from knowledge.locks import locked

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

_BATCH = 2000
# A batch is stored in well under a second; a server that takes longer than this hangs.
ANSWER_SECONDS = 10.0
_STAMP = "stamp"


class Collections:
    """A Chroma folder or server. Blocking: call it from a worker thread.

    A row's id is its place in the rows of the index, so that filling twice changes nothing.
    """

    def __init__(self, client: "ClientAPI", *, shared: bool = False) -> None:
        self._client = client
        self._shared = shared

    @classmethod
    def open(
        cls, folder: Path, url: str | None = None, *, seconds: float = ANSWER_SECONDS
    ) -> "Collections":
        """Open the folder, or the server at `url`, which must answer within `seconds`.

        Raises `KnowledgeError`.
        """
        import chromadb  # noqa: PLC0415 - takes half a second, and not every command needs it
        from chromadb.config import Settings  # noqa: PLC0415 - likewise

        settings = Settings(anonymized_telemetry=False)
        remedy = f"delete {folder}, it is built again" if url is None else "is the server up?"
        with mapped_errors(f"Chroma at {url or folder} cannot be opened ({remedy})"):
            if url is None:
                # Two that open at once meet half-made tables, and in one process half-made clients.
                with locked(folder.with_name(f"{folder.name}.lock")):
                    return cls(chromadb.PersistentClient(str(folder), settings=settings))
            from knowledge.remote import connect  # noqa: PLC0415 - imports chromadb

            return cls(connect(url, settings, seconds), shared=True)

    def names(self) -> list[str]:
        with mapped_errors("Chroma cannot list its collections"):
            return [collection.name for collection in self._client.list_collections()]

    def fill(self, name: str, stamp: str, vectors: Vectors) -> "Nearest":
        """Make the collection hold exactly these rows; `stamp` says which they are."""
        with mapped_errors(f"the collection {name} cannot be built"):
            present = self._get(name)
            # On a server another host may be filling it just now, with the same rows.
            if present is not None and not (self._shared and _stamp(present) == stamp):
                self._client.delete_collection(name)
            collection = self._client.get_or_create_collection(
                name,
                metadata={_STAMP: stamp},
                embedding_function=None,
                configuration={"hnsw": {"space": "cosine"}},
            )
            for start in range(0, len(vectors), _BATCH):
                rows = vectors[start : start + _BATCH]
                ids = [str(row) for row in range(start, start + len(rows))]
                collection.upsert(ids=ids, embeddings=_listed(rows))
            if collection.count() != len(vectors):
                raise KnowledgeError(f"The collection {name} is not complete.")
            return Nearest(collection)

    def find(self, name: str, stamp: str, count: int) -> "Nearest | None":
        """The collection, where it is there with that stamp and that many rows."""
        with mapped_errors(f"the collection {name} cannot be read"):
            collection = self._get(name)
            if collection is None or _stamp(collection) != stamp:
                return None
            return Nearest(collection) if collection.count() == count else None

    def drop(self, name: str) -> None:
        """Delete the collection; one that is not there is fine."""
        with mapped_errors(f"the collection {name} cannot be dropped"):
            if name in self.names():
                self._client.delete_collection(name)

    def _get(self, name: str) -> "Collection | None":
        if name not in self.names():
            return None
        return self._client.get_collection(name, embedding_function=None)

    def close(self) -> None:
        with mapped_errors("Chroma cannot be closed"):
            self._client.close()  # type: ignore[attr-defined]  # the interface leaves it out
            # Chroma forgets to close its connections to a server.
            for part in (self._client, getattr(self._client, "_admin_client", None)):
                session = getattr(getattr(part, "_server", None), "_session", None)
                if session is not None:
                    session.close()


class Nearest:
    """The rows of one collection nearest to a vector. Blocking."""

    def __init__(self, collection: "Collection") -> None:
        self._collection = collection

    def rows(self, query: Vectors, count: int) -> list[int]:
        """Places of the nearest rows, nearest first."""
        with mapped_errors(f"the collection {self._collection.name} cannot be searched"):
            found = self._collection.query(
                query_embeddings=_listed(query[np.newaxis]), n_results=count, include=[]
            )
            rows = [int(row) for row in found["ids"][0]]
            if not rows:  # an index holds a row at least: somebody has emptied this one
                raise KnowledgeError(f"The collection {self._collection.name} is empty.")
            return rows


def _stamp(collection: "Collection") -> str:
    return str((collection.metadata or {}).get(_STAMP))


def _listed(rows: Vectors) -> Any:  # noqa: ANN401 - Chroma's union of array types
    return np.ascontiguousarray(rows, dtype=np.float32)


@contextmanager
def mapped_errors(what: str) -> Iterator[None]:
    try:
        yield
    except KnowledgeError:
        raise
    except BaseException as exc:
        # Chroma raises its own kinds, ValueError, what its HTTP library raises; and where its
        # Rust part breaks, over damaged files say, a panic that is no Exception.
        if not isinstance(exc, Exception) and type(exc).__name__ != "PanicException":
            raise
        raise KnowledgeError(f"{what}: {exc}") from exc
