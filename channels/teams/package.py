"""The app package that Teams installs: the manifest with our ids filled in, and its icons."""

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "manifests" / "teams"
_LONGEST_SHORT_NAME = 30
_BEGAN = (2026, 1, 1, 0, 0, 0)


def manifest(values: Mapping[str, str], folder: Path = FOLDER) -> dict[str, Any]:
    """The manifest with `{app_id}` and the like replaced. Raises `OSError` without the file."""
    found = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    filled: dict[str, Any] = _filled(found, values)
    filled["name"]["short"] = filled["name"]["short"][:_LONGEST_SHORT_NAME]
    return filled


def packed(values: Mapping[str, str], folder: Path = FOLDER) -> bytes:
    """The zip to upload; the same values give the same bytes. Raises `OSError`."""
    files = {
        "manifest.json": json.dumps(manifest(values, folder), indent=2).encode(),
        **{name: (folder / name).read_bytes() for name in ("color.png", "outline.png")},
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _BEGAN), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _filled(value: Any, values: Mapping[str, str]) -> Any:  # noqa: ANN401  whatever JSON holds
    if isinstance(value, dict):
        return {name: _filled(inner, values) for name, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, values) for inner in value]
    if isinstance(value, str):
        for name, given in values.items():
            value = value.replace(f"{{{name}}}", given)
    return value
