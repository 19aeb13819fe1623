"""What one encode tells about a message."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Signals of one message.

    `vector` is unit-normalised (384 floats) or empty for wordless events. Signals go from 0 to 1
    and count from 0.5 on; `sentiment` goes from -1 (ill) to 1 (well). What was not read, because
    there are no words, no heads for the encoder, or a line that wants it off, is 0.
    `distress`, `anger` and `sentiment` are feelings: read only where a line allows it.
    """

    vector: tuple[float, ...] = ()
    language: str | None = None
    wants_human: float = 0.0
    self_harm: float = 0.0
    distress: float = 0.0
    anger: float = 0.0
    complaint: float = 0.0
    sentiment: float = 0.0
    billing_dispute: float = 0.0
    fraud: float = 0.0
    legal_threat: float = 0.0
    privacy_request: float = 0.0
    harassment: float = 0.0
    safety: float = 0.0
