"""How the command behaves whatever it is asked."""

import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError

from parcours.cli import faults
from parcours.cli.main import COMMANDS, parcours
from parcours.core.errors import NotFound
from tests.acceptance.product import run


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_of_the_table_is_there_and_explains_itself(name: str) -> None:
    answer = CliRunner().invoke(parcours, [name, "--help"])
    assert answer.exit_code == 0, answer.output
    assert COMMANDS[name].help


def test_help_lists_every_command_without_importing_any_or_django() -> None:
    program = (
        "import sys; from click.testing import CliRunner; from parcours.cli.main import parcours\n"
        "print(CliRunner().invoke(parcours, ['--help']).output)\n"
        "heavy = ('django.db', 'numba', 'pyarrow', 'parcours.cli.serve', 'parcours.cli.doctor')\n"
        "print('loaded:', [name for name in heavy if name in sys.modules])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout
    assert all(name in answer for name in COMMANDS)
    assert "loaded: []" in answer


def test_a_web_process_starts_without_what_only_some_pages_need() -> None:
    program = (
        "import sys, parcours.asgi; from django.urls import get_resolver; get_resolver().url_patterns\n"
        "heavy = ('numba', 'pyarrow', 'duckdb', 'pandas', 'typst', 'pptx', 'xlsxwriter', 'babel')\n"
        "print('loaded:', [name for name in heavy if name in sys.modules])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout
    assert "loaded: []" in answer


def test_an_error_says_what_where_and_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    @click.command()
    def lost() -> None:
        raise NotFound("The map is gone.", where="map 7", remedy="Make a new one.")

    assert ending_of(lost) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.splitlines() == ["The map is gone.", "  map 7", "Make a new one."]


def test_a_fault_of_ours_leaves_its_trace_in_a_log_and_not_on_the_screen(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "log").mkdir()
    monkeypatch.setenv("PARCOURS_DATA", str(tmp_path))

    @click.command()
    def faulty() -> None:
        raise ZeroDivisionError("seven by nothing")

    assert ending_of(faulty) == 70
    told = capsys.readouterr().err
    assert "Traceback" not in told
    log = tmp_path / "log" / "parcours-faults.log"
    assert str(log) in told
    assert "ZeroDivisionError: seven by nothing" in log.read_text()


@pytest.mark.parametrize(
    "trouble",
    [ImproperlyConfigured("PORT is no number"), OperationalError("the connection is closed\nand more")],
)
def test_a_wrong_setting_or_a_database_that_went_away_is_no_fault_of_ours(
    capsys: pytest.CaptureFixture[str], trouble: Exception
) -> None:
    @click.command()
    def troubled() -> None:
        raise trouble

    assert ending_of(troubled) == 1
    told = capsys.readouterr().err
    assert str(trouble).partition("\n")[0] in told
    assert "fault" not in told


def test_ctrl_c_ends_a_command_without_a_trace(capsys: pytest.CaptureFixture[str]) -> None:
    @click.command()
    def long() -> None:
        raise KeyboardInterrupt

    assert ending_of(long) == 130
    assert "Traceback" not in capsys.readouterr().err


def test_a_reader_who_has_seen_enough_hears_nothing_of_it() -> None:
    program = (
        "import click; from parcours.cli.faults import run\n"
        "@click.command()\n"
        "def talk():\n"
        "    for n in range(100_000): click.echo(n)\n"
        "run(talk)"
    )
    command = f'"{sys.executable}" -c "$PROGRAM" | head -n 1'
    answer = subprocess.run(
        command,
        shell=True,
        env={"PROGRAM": program, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (answer.stdout, answer.stderr) == ("0\n", "")


def test_the_terminal_language_is_french_for_a_french_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    from parcours.core.terminal import terminal_language

    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")
    assert terminal_language() == "fr"
    monkeypatch.setenv("LANG", "C.UTF-8")
    assert terminal_language() == "en"


def ending_of(command: click.Command) -> int:
    sys_argv, sys.argv = sys.argv, ["parcours"]
    try:
        with pytest.raises(SystemExit) as ending:
            faults.run(command)
    finally:
        sys.argv = sys_argv
    assert isinstance(ending.value.code, int)
    return ending.value.code


@pytest.mark.parametrize("command", [("events", "count"), ("canvas", "list"), ("journeys", "transitions")])
def test_a_mistyped_folder_does_not_become_an_installation(command: tuple[str, ...], tmp_path: Path) -> None:
    answer = run(tmp_path / "vra", *command)
    assert answer.returncode == 1
    assert "There is no installation in this folder." in answer.stderr
    assert not (tmp_path / "vra").exists()
