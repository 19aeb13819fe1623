"""Says in words what an ingest or a calibration lets one expect."""

from bot.domain.knowledge import Expected

# Round numbers where they are true enough: people read "9 in 10" faster than "91 in 100".
_SCALES = (10, 20)
_TRUE_ENOUGH = 0.01


def in_words(expected: Expected) -> str:
    """One sentence, ending in a full stop."""
    told = (
        f"of questions like yours I expect to answer {_odds(expected.right)} right and "
        f"{_odds(expected.wrong)} wrong, to refuse {_odds(expected.unknown)}, and to offer choices "
        "for the others"
    )
    if expected.outside_unknown is not None:
        told += f"; of questions beyond them I expect to refuse {_odds(expected.outside_unknown)}"
    return f"{told}."


def _odds(share: float) -> str:
    for scale in (*_SCALES, 100):
        count = round(share * scale)
        if scale == 100 or abs(count / scale - share) <= _TRUE_ENOUGH:  # noqa: PLR2004 - the last
            break
    if count == 0:
        return "hardly any"
    return "nearly all" if count == scale else f"{count} in {scale}"
