"""Opening the writer, where the settings ask for one: only then langchain is imported."""

from importlib.util import find_spec
from typing import TYPE_CHECKING

from bot.domain.errors import SettingsError
from bot.writer.config import PACKAGES, WriterConfig

if TYPE_CHECKING:
    from bot.writer.writer import LangchainWriter


def missing_packages(config: WriterConfig) -> list[str]:
    """What has to be installed first, as sentences."""
    wanted = ("langchain", PACKAGES[config.provider])
    missing = [name.replace("_", "-") for name in wanted if find_spec(name) is None]
    if not missing:
        return []
    return [
        f"writer.provider: {config.provider} needs {', '.join(missing)}: "
        "install Careline with its writer extra (pip install '.[writer]')"
    ]


def open_writer(config: WriterConfig | None) -> "LangchainWriter | None":
    """Blocking, a second or two: importing takes it. Raises `SettingsError`."""
    if config is None:
        return None
    if faults := missing_packages(config):
        raise SettingsError(faults)
    from bot.writer.model import open_model  # noqa: PLC0415  slow to import, and rarely wanted
    from bot.writer.writer import LangchainWriter  # noqa: PLC0415  as above

    try:
        return LangchainWriter(open_model(config), config)
    except Exception as exc:
        kind = type(exc).__name__
        raise SettingsError(
            [f"writer: {config.provider} does not take these settings ({kind})"]
        ) from exc
