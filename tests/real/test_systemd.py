"""The unit file as systemd itself reads it."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.program import ROOT

pytestmark = pytest.mark.real


def test_systemd_takes_the_unit(tmp_path: Path):
    analyze = shutil.which("systemd-analyze")
    assert analyze, "systemd-analyze is missing: bash tests/real/install"
    program = tmp_path / "careline"  # a program has to be there
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    unit = tmp_path / "careline.service"
    text = (ROOT / "deploy/systemd/careline.service").read_text(encoding="utf-8")
    unit.write_text(text.replace("/opt/careline/bin/careline", str(program)))
    done = subprocess.run(  # noqa: S603  a program of the system, our own file
        [analyze, "verify", "--man=no", str(unit)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
