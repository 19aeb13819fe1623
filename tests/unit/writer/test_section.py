"""The `[writer]` table: what is missing is said, all at once, and only when it is needed."""

import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from bot.domain.errors import SettingsError
from bot.domain.writing import Allowance, Usage
from bot.settings import Settings, writer_of
from bot.writer.opening import open_writer
from bot.writer.section import WriterSection
from tests.support.writing import KEY, WAYS, config_at

_NOTHING_OF_IT = """
import sys
import bot.cli.app, bot.main, bot.running, bot.writer.opening
from bot.settings import load, writer_of
from pathlib import Path
assert bot.writer.opening.open_writer(writer_of(load(None, Path(sys.argv[1])))) is None
heavy = ("langchain", "langchain_core", "openai", "anthropic", "langsmith", "langgraph", "torch")
sys.exit(", ".join(name for name in heavy if name in sys.modules) or None)
"""


@pytest.fixture(autouse=True)
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY"):
        monkeypatch.delenv(name, raising=False)


def faults(**given: object) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        writer_of(Settings(writer=WriterSection(**given)))  # type: ignore[arg-type]  # a table's
    return list(caught.value.faults)


def test_without_a_writer_nothing_of_it_is_imported(tmp_path: Path):
    done = subprocess.run(  # noqa: S603  ours
        [sys.executable, "-c", _NOTHING_OF_IT, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[3],
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_everything_missing_is_said_at_once():
    told = faults(provider="openai", day_cost=5)
    assert len(told) == 3
    assert "OPENAI_API_KEY" in told[1]
    assert faults(model="m", base_url="http://x") == [
        "writer.provider: writer.base_url, writer.model given, but no provider"
    ]


def test_a_key_comes_from_the_settings_or_under_the_vendors_name(monkeypatch: pytest.MonkeyPatch):
    section = WriterSection(provider="anthropic", model="m")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "theirs")
    config = writer_of(Settings(writer=section))
    assert config is not None
    assert config.key == "theirs"
    own = section.model_copy(update={"api_key": SecretStr(KEY)})
    config = writer_of(Settings(writer=own))
    assert config is not None
    assert config.key == KEY
    assert KEY not in f"{config!r}{own!r}"


def test_a_server_of_ones_own_needs_no_key():
    section = WriterSection(provider="openai", model="m", base_url="http://127.0.0.1:1/v1")
    assert writer_of(Settings(writer=section)) is not None
    assert writer_of(Settings()) is None


@pytest.mark.parametrize(
    "given", [{"provider": "acme"}, {"base_url": "ftp://x"}, {"tokens_out": 0}, {"cost": 1}]
)
def test_what_no_model_takes_is_refused(given: dict[str, object]):
    with pytest.raises(ValidationError):
        WriterSection(**given)  # type: ignore[arg-type]  # that is the point


def test_prices_are_for_a_million_tokens():
    config = config_at("http://x", WAYS[0], price_in=Decimal("0.25"), price_out=Decimal(2))
    assert config.usage(1000, 100) == Usage(
        model="test-model", tokens_in=1000, tokens_out=100, micros=450
    )
    assert config.usage(1, 0).micros == 1  # rounded up


def test_a_days_limit_is_in_the_same_money():
    assert WriterSection(day_cost=2.5).allowance() == Allowance(micros=2_500_000)
    assert WriterSection(day_tokens=7).allowance() == Allowance(tokens=7)
    assert WriterSection().allowance() == Allowance()


def test_packages_that_are_missing_are_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("bot.writer.opening.find_spec", lambda _name: None)
    with pytest.raises(SettingsError, match="langchain, langchain-openai"):
        open_writer(config_at("http://x", WAYS[0]))
