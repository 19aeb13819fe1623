"""The exported encoder that tests share: made once for a checkout and its weights."""

import subprocess
import sys
from functools import cache
from pathlib import Path

from knowledge import weights

CHECKOUT = Path(__file__).resolve().parents[3]


@cache
def exported() -> Path:
    """The folder of the encoder, exported first where it is missing."""
    folder = CHECKOUT / ".careline" / "test-encoder" / weights.fingerprint()
    command = [sys.executable, "-m", "knowledge.export", str(folder)]
    subprocess.run(command, check=True, cwd=CHECKOUT, stdout=subprocess.DEVNULL)  # noqa: S603 - our own module
    return folder
