"""Draws precision against coverage into a PNG file."""

from collections.abc import Sequence
from pathlib import Path

from bot.domain.errors import SettingsError


def draw(points: Sequence[tuple[float, float]], answered: float, title: str, file: Path) -> None:
    """`points` are coverage and precision; `answered` is the coverage that the gate chooses.

    Raises `SettingsError` where the file cannot be written or the drawing library is missing.
    """
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - seldom used
        from matplotlib.figure import Figure  # noqa: PLC0415 - as above
    except ImportError as exc:
        missing = "--plot: drawing needs matplotlib: pip install 'careline[ingest]'"
        raise SettingsError([missing]) from exc
    figure = Figure(figsize=(7, 5), dpi=120)
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.plot([one for one, _ in points], [two for _, two in points])
    axes.axvline(answered, linestyle="--", color="gray", label="answered at once by the gate")
    axes.set(xlabel="coverage: share of the questions answered", ylabel="precision", title=title)
    axes.set(xlim=(0, 1), ylim=(min(0.5, *(two for _, two in points)), 1.005))
    axes.grid(visible=True, alpha=0.3)
    axes.legend(loc="lower left")
    try:
        figure.savefig(file, format="png")
    except OSError as exc:
        raise SettingsError([f"--plot: {file} cannot be written ({exc.strerror})"]) from exc
