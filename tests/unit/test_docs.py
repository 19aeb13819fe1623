"""The documents keep up with the program: settings, commands, metrics, log fields and links."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_origin

import click
import pytest
import typer
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from bot.cli.app import app
from bot.core.rules.section import shipped
from bot.domain.rules import VARIABLES
from bot.settings import Settings
from bot.telemetry import logs
from bot.telemetry.metrics import Metrics

ROOT = Path(__file__).parents[2]
RUNBOOK = ROOT / "deploy/README.md"
DOCUMENTS = (
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "deploy/README.md",
    "manifests/README.md",
)


def _text(*names: str) -> str:
    return "\n".join((ROOT / name).read_text(encoding="utf-8") for name in names)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """The sections inside an annotation: itself, an optional one, or the values of a table."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)


def keys(model: type[BaseModel] = Settings, above: str = "") -> Iterator[tuple[str, FieldInfo]]:
    """Every key with its field.

    A key of a table of tables has NAME in it, one of a list of tables `[]`.
    """
    for name, field in model.model_fields.items():
        key = f"{above}{name}"
        inside = list(_models(field.annotation))
        table, listed = (get_origin(field.annotation) is kind for kind in (dict, tuple))
        if not inside or listed or type(None) in get_args(field.annotation):
            yield key, field
        for section in inside:
            below = f"{key}.NAME." if table else f"{key}[]." if listed else f"{key}."
            yield from keys(section, below)


def variable(key: str, line: str = "shop") -> str:
    """The key's name in the environment; a list of tables is one, of JSON."""
    key = key.partition("[]")[0]
    return "CARELINE_" + key.replace("NAME", line).replace(".", "__").upper()


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command with its full name."""

    def walk(name: str, command: Any) -> Iterator[tuple[str, Any]]:
        if subcommands := getattr(command, "commands", None):
            for inner, subcommand in subcommands.items():
                yield from walk(f"{name} {inner}", subcommand)
        else:
            yield name, command

    return walk("careline", typer.main.get_command(app))


def options() -> Iterator[str]:
    """The long name of every option of every command."""
    parts: list[Any] = [typer.main.get_command(app), *(command for _, command in commands())]
    for part in parts:
        for parameter in part.params:
            if parameter.param_type_name == "option" and parameter.name != "help":
                yield max(parameter.opts, key=len)


def _row(key: str) -> list[str]:
    """The cells of the key's row in the runbook."""
    lines = RUNBOOK.read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if line.startswith(f"| `{key}` |")]
    assert len(rows) == 1, f"deploy/README.md needs one row for {key}"
    return [cell.strip() for cell in rows[0].strip("|").split("|")]


@pytest.mark.parametrize("key", [key for key, _ in keys()])
def test_every_key_has_its_row(key: str):
    _, name, default, meaning = _row(key)
    assert name == f"`{variable(key)}`"
    assert default
    assert meaning


@pytest.mark.parametrize(("key", "field"), [(k, f) for k, f in keys() if f.default_factory is None])
def test_every_default_is_told(key: str, field: FieldInfo):
    told = _row(key)[2]
    if field.is_required():
        assert told.startswith("required")
    elif field.default is not None:
        plain = isinstance(field.default, str)
        value = field.default if plain else json.dumps(field.default)
        number = value.removesuffix(".0")
        assert told in (f"`{value}`", f"`{number}`")


def test_documents_name_no_other_variable():
    known = {variable(key) for key, _ in keys()}
    named = set(re.findall(r"CARELINE_[A-Z_]*[A-Z]", _text(*DOCUMENTS)))
    assert named <= known


@pytest.mark.parametrize("command", [name for name, _ in commands()])
def test_every_command_is_told(command: str):
    assert re.search(rf"{command}\b", _text("README.md", "deploy/README.md"))


@pytest.mark.parametrize("option", sorted(set(options())))
def test_every_option_is_told(option: str):
    assert re.search(rf"{option}\b", _text("README.md", "deploy/README.md"))


def test_documents_name_no_other_command():
    first = {name.split()[1] for name, _ in commands()}
    code = re.findall(r"`([^`]+)`", _text(*DOCUMENTS))
    named = {m[1] for text in code if (m := re.match(r"careline (?!--)([a-z]+)", text))}
    assert named <= first


def test_every_metric_is_told():
    text = RUNBOOK.read_text(encoding="utf-8")
    for metric in Metrics().registry.collect():
        assert f"`{metric.name}" in text


@pytest.mark.parametrize("field", logs._FIELDS)
def test_every_log_field_is_told(field: str):
    section = RUNBOOK.read_text(encoding="utf-8").split("\n## Logs\n")[1].split("\n## ")[0]
    assert f"`{field}`" in section


def _table(heading: str) -> list[list[str]]:
    """The rows of the first table under a heading of the runbook."""
    section = RUNBOOK.read_text(encoding="utf-8").split(f"\n{heading}\n")[1].split("\n#")[0]
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    return [[cell.strip(" `") for cell in row.strip("|").split(" | ")] for row in rows]


def test_every_variable_of_rules_is_told_and_no_other():
    told = [(name, kind, moment) for name, kind, moment, _ in _table("### Variables")]
    assert told == [(one.name, one.type, one.moment) for one in VARIABLES]


def test_every_rule_that_ships_is_told_and_no_other():
    told = [(name, when, urgency) for name, when, urgency, *_ in _table("### Rules that ship")]
    # A bar in a cell of a table is written with a backslash.
    assert told == [(one.name, one.when.replace("|", "\\|"), one.priority) for one in shipped()]


def _links(document: str) -> Iterator[str]:
    text = re.sub(r"```.*?```", "", _text(document), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if not target.startswith(("https://", "http://", "mailto:")):
            yield target


def _anchors(file: Path) -> set[str]:
    """The anchors that a forge gives to the headings."""
    text = re.sub(r"```.*?```", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
    headings = re.findall(r"^#+ +(.+)$", text, flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize(
    ("document", "target"), [(name, link) for name in DOCUMENTS for link in _links(name)]
)
def test_every_link_leads_somewhere(document: str, target: str):
    path, _, anchor = target.partition("#")
    file = (ROOT / document).parent / path if path else ROOT / document
    assert file.exists()
    if anchor:
        assert anchor in _anchors(file)
