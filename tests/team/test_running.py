"""The examples that start a team's dashboard: they can be read, and what they call is there."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import typer.main
import yaml

from outreach.cli.main import app
from outreach.team.serving import PORT, Where, _proxies, site_of
from tests.sending.campaigns import ROOT

RUNNING = ROOT / "docs" / "running"


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((RUNNING / "compose.yaml").read_text(encoding="utf-8"))
    return found


def parsed(words: list[str]) -> dict[str, Any]:
    """The options of a command, as the program itself reads them."""
    command = typer.main.get_command(app(words[0])).commands[words[0]]  # type: ignore[attr-defined]
    return dict(command.make_context(words[0], words[1:]).params)


def test_the_services_call_commands_that_there_are() -> None:
    services = compose()["services"]
    assert set(services) == {"postgres", "serve", "worker", "caddy"}
    assert parsed(services["worker"]["command"])["once"] is False
    words = [re.sub(r"\$\{OUTREACH_HOST:\?\}", "outreach.example.org", word) for word in services["serve"]["command"]]
    given = parsed(words)
    where = Where(
        address=given["address"], bind=given["bind"], port=given["port"], proxies=_proxies(given["proxy"]),
        plain_http=given["plain_http"],
    )  # fmt: skip
    assert site_of(where).hosts == {"outreach.example.org", "outreach.example.org:443"}
    assert services["caddy"]["environment"]["OUTREACH_AT"] == f"serve:{where.port}"
    assert given["proxy"] == [compose()["networks"]["front"]["ipam"]["config"][0]["subnet"]]
    for name in ("serve", "worker"):
        assert services[name]["environment"]["OUTREACH_LEDGER"].startswith("postgresql://")
        assert "ports" not in services[name]  # only the proxy is open to others


def test_every_part_of_the_composition_is_there() -> None:
    found = compose()
    text = (RUNNING / "compose.yaml").read_text(encoding="utf-8")
    named = {each.partition(":")[0] for service in found["services"].values() for each in service.get("volumes", ())}
    assert {each for each in named if each[0] not in "./$"} == set(found["volumes"])
    assert {each for each in named if each.startswith("./")} == {"./Caddyfile"}
    build = found["services"]["serve"]["build"]
    assert (RUNNING / build["context"] / build["dockerfile"]).resolve() == RUNNING / "Containerfile"
    asked = set(re.findall(r"\$\{(\w+):\?\}", text))
    assert asked == set(re.findall(r"^#   (\w+)=", text, re.MULTILINE))


def test_the_container_holds_all_that_the_package_is_made_of() -> None:
    text = (RUNNING / "Containerfile").read_text(encoding="utf-8")
    words = {line.split()[0] for line in text.splitlines() if line and not line.startswith("#")}
    assert words <= {"FROM", "RUN", "COPY", "USER", "WORKDIR", "ENV", "EXPOSE", "ENTRYPOINT", "CMD"}
    copied = {word for line in re.findall(r"^COPY (.*) \S+$", text, re.MULTILINE) for word in line.split()}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert copied >= {
        "pyproject.toml",
        *project["project"]["license-files"],
        *wheel["packages"],
        *wheel["force-include"],
    }
    assert all((ROOT / each).exists() for each in copied)
    assert '".[team]"' in text
    assert project["project"]["optional-dependencies"]["team"]
    assert f"EXPOSE {PORT}" in text


def test_the_proxy_asks_where_outreach_listens() -> None:
    text = (RUNNING / "Caddyfile").read_text(encoding="utf-8")
    command = re.search(r"^#   outreach (serve .*)$", text, re.MULTILINE)
    assert command is not None
    given = parsed(command[1].split())
    assert f"{given['bind']}:{given['port']}" == re.findall(r"reverse_proxy {\$OUTREACH_AT:(.*)}", text)[0]
    assert "{$OUTREACH_HOST:outreach.example.org} {" in text
    assert given["proxy"] == ["127.0.0.1"]
