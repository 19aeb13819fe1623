"""The heads that ship: whole, of one encoder, and damaged ones are named."""

import json
from pathlib import Path

import numpy as np
import pytest

from bot.domain.errors import KnowledgeError
from knowledge.heads.examples import HEADS
from knowledge.heads.features import NAMES, features
from knowledge.heads.model import WEIGHTS, Heads, heads_for, load

DIMS = 384


def test_the_shipped_heads_are_whole():
    heads = load()
    assert heads.names == HEADS
    assert heads.weights.shape == (len(HEADS), DIMS + len(NAMES))
    assert heads.cuts.shape == (len(HEADS),)


def test_heads_of_another_encoder_are_off():
    assert heads_for("another") is None
    assert heads_for(load().fingerprint) is not None


def test_the_cut_is_half():
    width = DIMS + len(NAMES)
    heads = Heads(("some",), "", np.ones((1, width), np.float32), np.zeros(1, np.float32))
    given = np.zeros(DIMS, np.float32)
    given[0] = -features("parcel").sum()
    assert heads.scores("parcel", given)["some"] == pytest.approx(0.5)
    given[0] = 1000.0
    assert heads.scores("parcel", given)["some"] == pytest.approx(1.0)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"encoder": "x", "heads": {"a": {}}}'])
def test_a_damaged_file_says_what_to_do(tmp_path: Path, text: str):
    file = tmp_path / "weights.json"
    file.write_text(text)
    with pytest.raises(KnowledgeError, match="install careline again"):
        load(file)


def test_the_file_has_a_line_a_head():
    lines = WEIGHTS.read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(HEADS) + 2
    assert json.loads("\n".join(lines))["encoder"] == load().fingerprint
