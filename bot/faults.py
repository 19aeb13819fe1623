"""What is wrong with the settings, in words that say what to mend."""

import re
from pathlib import Path
from typing import Any

from pydantic import ValidationError


def faults_of(error: ValidationError, file: Path | None) -> list[str]:
    """One sentence per fault, each with its key; values are not repeated."""
    where = f" (in {file} or the environment)" if file else ""
    return [
        f"{'.'.join(str(part) for part in fault['loc']) or 'settings'}: {_mend(fault)}{where}"
        for fault in error.errors(include_input=False, include_url=False)
    ]


def unreadable(complaint: str) -> str:
    """A variable that holds a whole section holds JSON; its value is not repeated."""
    name = (re.findall(r'field "(\w+)"', complaint) or ["settings"])[0]
    variable = f"CARELINE_{name.upper()}"
    return f"{name}: {variable} is not JSON; set single keys with {variable}__<KEY>"


def _mend(fault: object) -> str:
    kind, message = fault["type"], fault["msg"]  # type: ignore[index]  # pydantic's ErrorDetails
    return "there is no such key" if kind == "extra_forbidden" else str(message)


def cross_faults(raw: dict[str, Any], known: dict[str, Any]) -> list[str]:
    """Faults between keys, looked for in what was given: other faults must not hide them.

    `known` are the lines when none are given.
    """
    lines, chat = raw.get("lines", known), raw.get("chat")
    if not isinstance(lines, dict):
        return []
    faults = [] if lines else ["lines: at least one line is needed"]
    owners: dict[object, str] = {}
    for name, line in lines.items():
        given = line.get("addresses") if isinstance(line, dict) else None
        addresses = given if isinstance(given, list | tuple) else (f"web:{name}",)
        for address in addresses:
            if ":" not in str(address):
                faults.append(f"lines.{name}.addresses: {address!r} is not channel:account")
            if address in owners:
                taken = f"{address} belongs to {owners[address]} already"
                faults.append(f"lines.{name}.addresses: {taken}")
            owners.setdefault(address, name)
    wanted = chat.get("line") if isinstance(chat, dict) else None
    if wanted is not None and wanted not in lines:
        faults.append(f"chat.line: there is no line {wanted}")
    return faults
