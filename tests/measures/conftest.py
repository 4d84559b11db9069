import pytest

from parcours.accounts.models import Brand
from parcours.core.periods import Period
from parcours.measures import kept
from parcours.measures.scope import Question

EVER = Period("all", None, None, "")


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    kept.forget()


@pytest.fixture
def ever(brand: Brand) -> Question:
    """About everybody, at any time."""
    return Question(brand, EVER)
