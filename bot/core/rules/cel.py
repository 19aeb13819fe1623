"""Conditions in CEL, by the reference implementation; nothing else of the product imports it.

Conditions are checked with their types before anything runs. They can neither loop without end
(at most 10,000 steps), nor recurse deeper than 32, nor reach anything but their variables.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, Any

from bot.core.rules.parts import divisors
from bot.domain.rules import VARIABLES, Moment, Value

if TYPE_CHECKING:
    from cel_expr_python.cel import Activation, Env, Expression

LONGEST = 1000
"""Characters of a condition."""
_COMPLAINT = re.compile(r"ERROR: <input>:(\d+):(\d+): (.*)")
_UNDECLARED = re.compile(r"undeclared reference to '([^']*)'")
_OVERLOAD = re.compile(r"found no matching overload for '([^']*)' applied to '\(?([^)']*)\)?'")
_PLAIN_FAULT = re.compile(r"^[A-Z_]+: ")


class Malformed(Exception):
    """A condition that cannot be used; `faults` has every reason, each with its place."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


class Undecidable(Exception):
    """A condition that has no value on these facts: a division by zero, say."""


@dataclass(frozen=True, slots=True)
class Sight:
    """The facts of one moment, as conditions see them."""

    activation: "Activation"


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that was checked. `moment` is the first at which all it looks at is known."""

    source: str
    moment: Moment
    program: "Expression"
    divisors: tuple["Expression", ...] = ()

    def holds(self, sight: Sight) -> bool:
        """Raises `Undecidable`. In CEL 1.0 / 0.0 is infinite; a rule must not fire on that."""
        if any(one.eval(sight.activation).value() == 0.0 for one in self.divisors):
            raise Undecidable("divide by zero")
        try:
            value: object = self.program.eval(sight.activation).value()
        except RuntimeError as exc:
            raise Undecidable(_reason(str(exc))) from exc
        if not isinstance(value, bool):
            raise Undecidable(_reason(str(value)))
        return value


@cache
def condition(source: str) -> Condition:
    """A condition from its text. Raises `Malformed` with every fault."""
    if len(source) > LONGEST:
        raise Malformed([f"it has {len(source)} characters; at most {LONGEST} are read"])
    try:
        program = _environment("after").compile(source)
    except (RuntimeError, ValueError) as exc:
        raise Malformed(_faults(str(exc))) from exc
    kind = program.return_type().name()
    if kind != "BOOL":
        raise Malformed([f"line 1, column 1: it gives {kind.lower()}, not true or false"])
    return Condition(source, _moment(source), program, _divisors(source))


def sight(values: Mapping[str, Value]) -> Sight:
    """What conditions are held against."""
    plain = {name: list(v) if isinstance(v, tuple) else v for name, v in values.items()}
    return Sight(_environment("after").Activation(plain))


def _divisors(source: str) -> tuple["Expression", ...]:
    """What is divided by, where that stands alone and is a number with a point."""
    found = []
    for text in divisors(source):
        try:
            program = _environment("after").compile(text)
        except (RuntimeError, ValueError):
            continue  # part of a macro, say, whose names are known only in it
        if program.return_type().name() == "DOUBLE":
            found.append(program)
    return tuple(found)


def _moment(source: str) -> Moment:
    try:
        _environment("before").compile(source)
    except RuntimeError:
        return "after"
    return "before"


@cache
def _environment(moment: Moment) -> "Env":
    """The variables of a moment with their types. The library is loaded by whoever asks first."""
    from cel_expr_python import cel  # noqa: PLC0415  0.06 s, in processes that have rules only

    kinds: dict[str, Any] = {
        "double": cel.Type.DOUBLE,
        "int": cel.Type.INT,
        "bool": cel.Type.BOOL,
        "string": cel.Type.STRING,
        "list(string)": cel.Type.List(cel.Type.STRING),
    }
    known = [one for one in VARIABLES if moment == "after" or one.moment == "before"]
    return cel.NewEnv(variables={one.name: kinds[one.type] for one in known})


def _faults(complaint: str) -> list[str]:
    found = _COMPLAINT.findall(complaint)
    if not found:
        return [_reason(complaint)]
    return [f"line {line}, column {column}: {_mend(text)}" for line, column, text in found]


def _mend(text: str) -> str:
    if (undeclared := _UNDECLARED.search(text)) is not None:
        name = undeclared[1]
        near = get_close_matches(name, [one.name for one in VARIABLES], 1)
        return f"there is no {name}" + (f"; did you mean {near[0]}?" if near else "")
    if (overload := _OVERLOAD.search(text)) is not None:
        operator, kinds = overload[1].strip("_"), overload[2]
        hint = ""
        if "double" in kinds and "int" in kinds:
            hint = "; write 1.0 instead of 1, and double(turns) for a count"
        return f"{operator} does not go with {kinds.replace(', ', ' and ')}{hint}"
    return text.split(" expecting {", 1)[0].replace("Syntax error: ", "").strip()


def _reason(complaint: str) -> str:
    """What the library says, without its codes."""
    first = _PLAIN_FAULT.sub("", complaint.strip().splitlines()[0] if complaint.strip() else "")
    return re.sub(r"\s*\[[A-Z_]+\]$", "", first) or "it cannot be read"
