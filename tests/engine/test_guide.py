"""The guide's examples run as they stand there."""

import re
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from parcours.engine import EventLog

GUIDE = Path(__file__).parents[2] / "docs" / "guide"
QUESTIONS = [
    name
    for name in dir(EventLog)
    if not name.startswith("_")
    and callable(getattr(EventLog, name))
    and name not in {"from_codes", "code_of"}
]
INTERNAL = {"column", "labels_at"}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(1)
    steps = np.array(["Cart Viewed", "Checkout Started", "Order Completed"])
    table = pa.table(
        {
            "customer_id": pa.array(random.integers(0, 50, 400)),
            "time": pa.array(1_772_000_000_000_000 + random.integers(0, 10**13, 400), pa.timestamp("us")),
            "activity": pa.array(steps[random.integers(0, 3, 400)].tolist()),
            "channel": pa.array(np.array(["web", "chat"])[random.integers(0, 2, 400)].tolist()),
            "country": pa.array(np.array(["FR", "DE"])[random.integers(0, 2, 400)].tolist()),
            "amount": pa.array(random.normal(60, 20, 400)),
        }
    )
    pq.write_table(table, tmp_path / "events.parquet")
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize("page", ["engine.md", "engine.fr.md"])
def test_the_examples_of_the_guide_run(page: str) -> None:
    blocks = re.findall(
        r"^```python\n(.*?)^```", (GUIDE / page).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    known: dict[str, object] = {}
    for block in blocks:
        exec(block, known)

    assert blocks
    log, spring = known["log"], known["spring"]
    assert isinstance(log, EventLog)
    assert isinstance(spring, EventLog)
    assert 0 < len(spring) < len(log)


@pytest.mark.parametrize("page", ["engine.md", "engine.fr.md"])
def test_the_guide_defines_every_question(page: str) -> None:
    text = (GUIDE / page).read_text(encoding="utf-8")

    assert {name for name in QUESTIONS if f"`{name}" not in text and f".{name}" not in text} <= INTERNAL
