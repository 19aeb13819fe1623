"""What one encode tells about a message."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Signals of one message.

    `vector` is unit-normalised (384 floats) or empty for wordless events. `sentiment` is -1…1, or
    None where a line switches it off; the other signals are probabilities 0…1, 0 where absent.
    """

    vector: tuple[float, ...] = ()
    language: str | None = None
    wants_human: float = 0.0
    sentiment: float | None = None
    topics: tuple[str, ...] = ()
    self_harm: float = 0.0
    distress: float = 0.0
    anger: float = 0.0
    complaint: float = 0.0
    billing_dispute: float = 0.0
    fraud: float = 0.0
    legal_threat: float = 0.0
    privacy_request: float = 0.0
    harassment: float = 0.0
    safety: float = 0.0
