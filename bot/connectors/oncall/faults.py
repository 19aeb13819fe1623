"""What does not fit together in the settings of teams, ladders and lines, in words."""

from typing import Any


def oncall_faults(raw: dict[str, Any], known_lines: dict[str, Any]) -> list[str]:
    """Faults between keys, looked for in what was given: other faults must not hide them."""
    found = _Given(raw)
    return [
        *(f for name, ladder in found.table("ladders") for f in _of_ladder(found, name, ladder)),
        *(f for name, team in found.table("teams") for f in _of_team(found, name, team)),
        *(f for name, line in found.lines(known_lines) for f in _of_line(found, name, line)),
        *(f for number, rule in found.rules() for f in _of_rule(found, number, rule)),
    ]


class _Given:
    """What was given, whatever its shape."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self._raw = raw

    def table(self, name: str) -> list[tuple[str, dict[str, Any]]]:
        tables = self._raw.get(name)
        if not isinstance(tables, dict):
            return []
        return [(str(key), value) for key, value in tables.items() if isinstance(value, dict)]

    def lines(self, known: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
        return self.table("lines") if "lines" in self._raw else [(name, {}) for name in known]

    def rules(self) -> list[tuple[int, dict[str, Any]]]:
        rules = self._raw.get("rules")
        given = rules if isinstance(rules, list | tuple) else ()
        return [(number, rule) for number, rule in enumerate(given) if isinstance(rule, dict)]

    def names(self, name: str) -> set[str]:
        return {key for key, _ in self.table(name)}

    def team(self, name: object) -> dict[str, Any]:
        return dict(self.table("teams")).get(str(name), {})

    def sms(self) -> bool:
        oncall = self._raw.get("oncall")
        return isinstance(oncall, dict) and bool(oncall.get("sms"))


def _of_ladder(found: _Given, name: str, ladder: dict[str, Any]) -> list[str]:
    rungs = ladder.get("rungs")
    faults = []
    for number, rung in enumerate(rungs if isinstance(rungs, list | tuple) else ()):
        if isinstance(rung, dict):
            key = f"ladders.{name}.rungs.{number}"
            faults += [f"{key}.{fault}" for fault in _of_rung(found, rung)]
    return faults


def _of_rung(found: _Given, rung: dict[str, Any]) -> list[str]:
    faults = []
    team, role, means = rung.get("team"), rung.get("role"), rung.get("means")
    callout = rung.get("callout")
    if team is not None and team not in found.names("teams"):
        faults.append(f"team: there is no team {team}; teams are tables: [teams.{team}]")
    elif role is not None and role not in _roles(found.team(team)):
        faults.append(f"role: team {team} has no role {role}: [teams.{team}.roles]")
    if means == "webhook" and callout is None:
        faults.append("callout: a webhook needs the name of a call-out: [callouts.NAME]")
    if callout is not None and callout not in found.names("callouts"):
        faults.append(f"callout: there is no call-out {callout}: [callouts.{callout}]")
    if means == "sms" and not found.sms():
        faults.append('means: SMS needs oncall.sms, the number it comes from: "sms:+15550100"')
    return faults


def _of_team(found: _Given, name: str, team: dict[str, Any]) -> list[str]:
    key = f"teams.{name}"
    faults = _missing(found, key, team)
    members = team.get("members")
    rotation = team.get("rotation")
    if not isinstance(members, list | tuple) or not members:
        return faults
    named = [(f"roles.{role}", people) for role, people in _roles(team).items()]
    if isinstance(rotation, dict):
        named.append(("rotation.order", rotation.get("order")))
    for where, people in named:
        for person in people if isinstance(people, list | tuple) else ():
            if person not in members:
                faults.append(f"{key}.{where}: {person} is not among {key}.members")
    return faults


def _of_line(found: _Given, name: str, line: dict[str, Any]) -> list[str]:
    faults = _missing(found, f"lines.{name}", line)
    team = line.get("team", "support")
    if found.names("teams") and team not in found.names("teams"):
        faults.append(f"lines.{name}.team: there is no team {team}: [teams.{team}]")
    return faults


def _of_rule(found: _Given, number: int, rule: dict[str, Any]) -> list[str]:
    team = rule.get("team")
    if team is None or not found.names("teams") or team in found.names("teams"):
        return []
    return [f"rules.{number}.team: there is no team {team}: [teams.{team}]"]


def _missing(found: _Given, key: str, table: dict[str, Any]) -> list[str]:
    """A ladder or hours that a table names and nobody has set up."""
    return [
        f"{key}.{what}: there is no table [{where}.{table[what]}]"
        for what, where in (("ladder", "ladders"), ("hours", "hours"))
        if table.get(what) is not None and table[what] not in found.names(where)
    ]


def _roles(team: dict[str, Any]) -> dict[str, Any]:
    roles = team.get("roles")
    return roles if isinstance(roles, dict) else {}
