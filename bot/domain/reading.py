"""What one encode tells about a message."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Signals of one message.

    `vector` is unit-normalised (384 floats) or empty for wordless events; `wants_human` is a
    probability 0…1. Absent readings are None: a line may switch them off.
    """

    vector: tuple[float, ...] = ()
    language: str | None = None
    wants_human: float = 0.0
    sentiment: float | None = None
    topics: tuple[str, ...] = ()
