"""The command line put together: global options, then one module per group of commands."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli import (
    asked,
    chat,
    evaluate,
    gaps,
    ingesting,
    kb,
    oncall,
    operate,
    optouts,
    outcomes,
    publishing,
    reading,
    reporting,
    rules,
    score,
    serve,
    staff,
    teams,
    twilio,
)

app = typer.Typer(
    name="careline",
    help="Customer care over the channels people already use, a person one message away.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.callback()
def options(
    context: typer.Context,
    data: Annotated[
        Path | None,
        typer.Option(help="Where data lives (CARELINE_DATA).", envvar="CARELINE_DATA"),
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option(help="The settings file; else careline.toml here or in the data folder."),
    ] = None,
) -> None:
    """Careline."""
    context.obj = (config, data)


for group in (
    serve,
    ingesting,
    asked,
    reading,
    evaluate,
    chat,
    oncall,
    operate,
    optouts,
    outcomes,
    score,
):
    group.add_to(app)
reporting.add_to(kb.app)
publishing.add_to(kb.app)
app.add_typer(kb.app, name="kb")
app.add_typer(gaps.app, name="gaps")
app.add_typer(staff.app, name="staff")
app.add_typer(teams.app, name="teams")
app.add_typer(twilio.app, name="twilio")
app.add_typer(operate.parked, name="parked")
app.add_typer(rules.app, name="rules")
app.add_typer(operate.lines, name="lines")


def main() -> None:
    """Run the command line."""
    app()
