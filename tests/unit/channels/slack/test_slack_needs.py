"""The manifest asks for what the code uses, and for nothing else."""

import ast
import re
from pathlib import Path
from typing import Any

import yaml

from channels.slack import hearing, needs

ROOT = Path(__file__).parents[4]
MANIFEST: dict[str, Any] = yaml.safe_load((ROOT / "manifests" / "slack.yaml").read_text())
FAMILY = re.compile(r"(apps|assistant|auth|chat|conversations|files|reactions|users|views)_\w+")
METHOD = re.compile(r"(conversations|users)\.[a-z]+")
UNSCOPED = {
    "auth.test",
    "apps.connections.open",
    "conversations.info",
    "views.publish",
    "views.open",
}


def called() -> set[str]:
    """The methods of the Web API that the channel's modules call."""
    found = set()
    for module in (ROOT / "channels" / "slack").glob("*.py"):
        if module.name == "needs.py":
            continue
        for node in ast.walk(ast.parse(module.read_text())):
            if isinstance(node, ast.Attribute) and FAMILY.fullmatch(node.attr):
                found.add(node.attr.replace("_", "."))
            if isinstance(node, ast.Constant) and METHOD.fullmatch(str(node.value)):
                found.add(str(node.value))
    return found


def test_every_method_that_is_called_has_its_scope():
    assert called() - UNSCOPED == set(needs.METHODS)


def test_the_manifest_asks_for_exactly_the_scopes():
    assert set(MANIFEST["oauth_config"]["scopes"]["bot"]) == needs.scopes()


def test_the_manifest_subscribes_exactly_to_what_is_heard():
    subscribed = set(MANIFEST["settings"]["event_subscriptions"]["bot_events"])
    assert subscribed == set(needs.EVENTS)
    assert {event.partition(".")[0] for event in subscribed} == set(hearing.EVENTS)
