"""The program with a library that breaks on some questions for as long as a file exists.

Run as `python -m tests.support.faulty FILE …`, with the arguments of `careline` after it.
"""

import sys
from pathlib import Path

from typing_extensions import override

from bot import main
from bot.cli.app import main as careline
from bot.domain.knowledge import Consultation
from bot.domain.reading import Reading
from knowledge.library import ChromaLibrary

BREAKS_ON = "delivery"


def breaking_while(file: Path) -> type[ChromaLibrary]:
    """The library's class, with an error that quotes the question, as foreign ones do."""

    class FaultyLibrary(ChromaLibrary):
        @override
        async def consult(
            self,
            kb: str,
            question: str,
            reading: Reading,
            line: str | None = None,
            *,
            choices: bool = True,
        ) -> Consultation:
            if BREAKS_ON in question and file.exists():  # noqa: ASYNC240  a moment
                raise ValueError(f"cannot parse {question!r}")
            return await super().consult(kb, question, reading, line, choices=choices)

    return FaultyLibrary


if __name__ == "__main__":
    setattr(main, "ChromaLibrary", breaking_while(Path(sys.argv.pop(1))))  # noqa: B010  a fault, put in
    careline()
