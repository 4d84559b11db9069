"""Importing from the terminal names the options there; what an import says by itself fits a page too."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from parcours.accounts.models import Brand
from parcours.cli.imports import import_
from parcours.core.errors import BadInput


@pytest.mark.usefixtures("brand")
def test_a_column_that_is_not_there_names_its_option(tmp_path: Path, brand: Brand) -> None:
    file = tmp_path / "events.csv"
    file.write_text("who,time,activity\n1,2026-01-01T10:00:00Z,Cart\n")

    with pytest.raises(BadInput) as named:
        CliRunner().invoke(import_, ["events", str(file), "--customer", "whom"], catch_exceptions=False)
    assert named.value.where == "--customer"
    assert "Did you mean “who”?" in named.value.remedy

    with pytest.raises(BadInput) as missing:
        CliRunner().invoke(import_, ["events", str(file)], catch_exceptions=False)
    assert missing.value.where == "--customer"
    assert "--" not in missing.value.what + missing.value.remedy
