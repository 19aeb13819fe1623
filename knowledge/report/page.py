"""Writes a report as one HTML page that needs nothing else; every word of people is escaped."""

from importlib.resources import files

from bot.domain.errors import KnowledgeError
from knowledge.report.findings import Findings

_TEMPLATE = "page.html.jinja"


def page(findings: Findings) -> str:
    """The page. Raises `KnowledgeError` without the packages it takes."""
    try:
        from jinja2 import Environment, StrictUndefined  # noqa: PLC0415 - for reports alone
    except ImportError as exc:
        raise KnowledgeError(
            "The report needs the packages of `pip install careline[ingest]`: install them here."
        ) from exc
    source = files("knowledge.report").joinpath(_TEMPLATE).read_text(encoding="utf-8")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["percent"] = _percent
    environment.filters["day"] = lambda moment: f"{moment:%Y-%m-%d}"
    return environment.from_string(source).render(r=findings)


def _percent(part: float) -> str:
    return f"{100 * part:.0f} %"
