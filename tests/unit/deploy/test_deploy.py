"""The files of `deploy/` fit the program: paths, keys, commands, users, versions."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import load
from tests.unit.test_docs import ROOT, commands, keys, variable

DEPLOY = ROOT / "deploy"
KNOWN = {variable(key) for key, _ in keys()}
COMMANDS = {name.split()[1] for name, _ in commands()}

Instruction = tuple[str, str]


def _stages() -> dict[str, list[Instruction]]:
    """The Dockerfile's stages by name; a stage begins with its FROM."""
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    code = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    stages: dict[str, list[Instruction]] = {}
    for line in code.replace("\\\n", " ").splitlines():
        if not line.strip():
            continue
        word, _, rest = line.strip().partition(" ")
        if word == "FROM":
            name = rest.split(" AS ")[1]
            stages[name] = []
        stages[name].append((word, rest.strip()))
    return stages


STAGES = _stages()


def _whole(stage: str) -> list[Instruction]:
    """A stage and what it stands on."""
    parent = STAGES[stage][0][1].split(" AS ")[0]
    return [*(_whole(parent) if parent in STAGES else []), *STAGES[stage]]


def _last(stage: str, word: str) -> str:
    return [rest for name, rest in _whole(stage) if name == word][-1]


def _variables(stage: str) -> dict[str, str]:
    pairs = [pair for word, rest in _whole(stage) if word == "ENV" for pair in shlex.split(rest)]
    return dict(pair.split("=", 1) for pair in pairs)


def _compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    return loaded


SERVICES: dict[str, Any] = _compose()["services"]
OURS = ("web", "work", "ingest")


def _example() -> dict[str, str]:
    lines = (DEPLOY / "careline.env.example").read_text(encoding="utf-8").splitlines()
    pairs = [line for line in lines if line and not line.startswith("#")]
    return {name: "".join(shlex.split(value)) for name, value in (p.split("=", 1) for p in pairs)}


class TestDockerfile:
    def test_serves_by_default(self):
        assert list(STAGES)[-1] == "serve"
        assert _last("serve", "CMD") == '["careline", "serve"]'

    def test_what_it_copies_is_there_and_not_ignored(self):
        ignore = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
        for word, rest in (one for stage in STAGES.values() for one in stage):
            if word == "COPY" and "--from" not in rest:
                for source in [part for part in rest.split() if not part.startswith("--")][:-1]:
                    assert (ROOT / source).exists()
                    assert f"!{source}" in ignore

    def test_what_it_takes_from_other_stages_was_made_there(self):
        copies = [rest for stage in STAGES.values() for word, rest in stage if word == "COPY"]
        for rest in copies:
            if found := re.match(r"--from=(\S+) (\S+) ", rest):
                assert any(found[2] in made for _, made in _whole(found[1]))

    @pytest.mark.parametrize("stage", ["serve", "ingest"])
    def test_is_nobody_special(self, stage: str):
        uid, gid = _last(stage, "USER").split(":")
        assert int(uid) > 0
        assert int(gid) > 0
        words = [word for word, _ in _whole(stage)]
        assert words[-1] == "USER"

    def test_the_serving_image_has_no_ingest_extra(self):
        taken = [rest for word, rest in _whole("serve") if word == "COPY" and "--from" in rest]
        assert taken == [
            "--from=build-ingest /opt/encoder /opt/encoder",
            "--from=build /opt/careline /opt/careline",
        ]
        for _, rest in [*_whole("serve"), *_whole("build")]:
            assert "[ingest]" not in rest
            assert "torch" not in rest
        assert _variables("serve")["CARELINE_KNOWLEDGE__PACKS"] == "false"

    def test_installs_what_is_locked(self):
        for word, rest in (one for stage in STAGES.values() for one in stage):
            if word == "RUN" and "pip install" in rest:
                assert "--constraint requirements.lock" in rest

    def test_keeps_data_in_a_volume_and_says_how_it_is(self):
        assert _last("serve", "VOLUME") == _variables("serve")["CARELINE_DATA"] == "/data"
        assert "/healthz" in _last("serve", "HEALTHCHECK")
        port = _last("serve", "EXPOSE")
        assert f":{port}/" in _last("serve", "HEALTHCHECK")

    @pytest.mark.parametrize("stage", ["serve", "ingest"])
    def test_sets_keys_that_exist(self, stage: str):
        assert {name for name in _variables(stage) if name.startswith("CARELINE_")} <= KNOWN

    @pytest.mark.parametrize("stage", ["serve", "ingest"])
    def test_serves_with_the_encoder_it_carries(self, stage: str):
        assert _variables(stage)["CARELINE_KNOWLEDGE__ENCODER"] == "/opt/encoder"
        assert any(rest.endswith("/opt/encoder /opt/encoder") for _, rest in _whole(stage))

    def test_names_official_images_only(self):
        bases = {stage[0][1].split(" AS ")[0] for stage in STAGES.values()} - set(STAGES)
        assert bases == {"python:3.11-slim"}


class TestCompose:
    def test_has_its_parts(self):
        assert set(SERVICES) == {"postgres", "chroma", "web", "work", "ingest"}
        assert SERVICES["work"]["deploy"]["replicas"] == 2
        assert SERVICES["ingest"]["profiles"] == ["ingest"]

    @pytest.mark.parametrize("name", OURS)
    def test_sets_keys_that_exist(self, name: str):
        assert {k for k in SERVICES[name]["environment"] if k.startswith("CARELINE_")} <= KNOWN

    @pytest.mark.parametrize("name", OURS)
    def test_runs_commands_that_exist(self, name: str):
        program, command, *_ = SERVICES[name]["command"]
        assert program == "careline"
        assert command in COMMANDS

    @pytest.mark.parametrize("name", OURS)
    def test_builds_targets_that_exist(self, name: str):
        build = SERVICES[name]["build"]
        assert (DEPLOY / build["context"] / build["dockerfile"]).is_file()
        assert build["target"] in STAGES

    @pytest.mark.parametrize("name", OURS)
    def test_waits_for_what_it_needs(self, name: str):
        for other, wanted in SERVICES[name]["depends_on"].items():
            assert wanted == {"condition": "service_healthy"}
            assert "healthcheck" in SERVICES[other]

    def test_keeps_the_database_in_a_volume_and_its_password_out_of_the_file(self):
        postgres = SERVICES["postgres"]
        assert postgres["volumes"] == ["postgres:/var/lib/postgresql"]
        assert "postgres" in _compose()["volumes"]
        password = postgres["environment"]["POSTGRES_PASSWORD"]
        assert password.startswith("${POSTGRES_PASSWORD:?")
        assert password in SERVICES["web"]["environment"]["CARELINE_DATABASE__URL"]
        assert _example()["POSTGRES_PASSWORD"] == ""

    def test_the_chroma_server_is_of_the_client_s_version(self):
        lock = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
        version = SERVICES["chroma"]["image"].partition(":")[2]
        assert f"chromadb=={version}" in lock

    def test_opens_ports_to_this_machine_only(self):
        for service in SERVICES.values():
            assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))


def test_the_example_is_a_valid_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    for name in KNOWN:
        monkeypatch.delenv(name, raising=False)
    example = _example()
    assert {name for name in example if name.startswith("CARELINE_")} <= KNOWN
    for name, value in example.items():
        monkeypatch.setenv(name, value)
    settings = load(None, tmp_path)
    assert settings.chat.allowed_origins == ("https://shop.example",)


class TestSystemdUnit:
    UNIT = DEPLOY / "systemd/careline.service"

    def said(self) -> dict[str, str]:
        lines = self.UNIT.read_text(encoding="utf-8").splitlines()
        return dict(line.split("=", 1) for line in lines if re.match(r"[A-Z]\w+=", line))

    def test_is_closed_up(self):
        said = self.said()
        wanted = {
            "User": "careline",
            "StateDirectory": "careline",
            "NoNewPrivileges": "yes",
            "ProtectSystem": "strict",
            "ProtectHome": "yes",
            "CapabilityBoundingSet": "",
            "Restart": "on-failure",
            "KillSignal": "SIGTERM",
            "KillMode": "mixed",
        }
        assert {name: said.get(name) for name in wanted} == wanted

    def test_starts_a_command_that_exists_on_keys_that_exist(self):
        said = self.said()
        assert said["ExecStart"].split()[1] in COMMANDS
        assert set(re.findall(r"CARELINE_\w+", said["Environment"])) <= KNOWN
