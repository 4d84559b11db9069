"""What customers write at each place of the map, for everybody and for a segment."""

from typing import Any

import pyarrow as pa
import pytest

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.canvas.shapes import Board
from parcours.core.periods import read_period
from parcours.customers.models import Customer
from parcours.customers.writes import do_create_segment, upsert_customers
from parcours.inbox.models import ChannelAccount, Conversation
from parcours.insights.conversations.talk import talk_on_the_map
from tests.inbox.conftest import loft as loft  # noqa: PLC0414 - fixtures of the inbox, used here too
from tests.inbox.conftest import pigeons as pigeons  # noqa: PLC0414
from tests.inbox.test_receiving import bring
from tests.insights.conversations.test_placing import drawn as drawn  # noqa: PLC0414


@pytest.fixture
def asked(brand: Brand, loft: ChannelAccount, drawn: Board, system: Actor) -> Board:
    """Anna, born in 2001, and Jo, born in 1955, ask in the third stage; another customer never does."""
    born = {"anna": 2001, "jo": 1955, "mute": 2002}
    upsert_customers(
        brand,
        pa.table({"user_id": list(born), "name": list(born), "birth_year": list(born.values())}),
        acting_user=system,
    )
    for number, who in enumerate(("anna", "jo")):
        bring(loft, {"id": str(number), "from": who, "text": "Why does it cost so much?"})
    for row, who in zip(Conversation.objects.order_by("number"), ("anna", "jo"), strict=True):
        row.customer_id = Customer.objects.get(brand=brand, name=who).pk
        row.journey_id, row.stage_id = drawn.journey.id, drawn.stages[2].id
        row.save()
    return drawn


def conversations(brand: Brand, board: Board, segment: str = "", period: str = "90d") -> int:
    found = talk_on_the_map(brand, board.journey.id, read_period({"period": period}, "Europe/Paris"), segment)
    talk = found.of(board.stages[2].id)
    return talk.counts.conversations if talk else 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("period", ["90d", "all"])
def test_a_segment_sees_its_own_conversations(brand: Brand, asked: Board, period: str) -> None:
    assert conversations(brand, asked, period=period) == 2
    assert conversations(brand, asked, "z", period) == 1
    assert conversations(brand, asked, "alpha", period) == 0


@pytest.mark.django_db(transaction=True)
def test_only_those_who_write_are_looked_at(
    brand: Brand, asked: Board, system: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = {"all": [{"field": "birth_year", "op": "gte", "value": ["2000"]}]}
    young = do_create_segment(brand, "Young", rule, acting_user=system)

    def everybody(*_given: Any) -> Any:
        raise AssertionError("all members of the segment were read")

    monkeypatch.setattr("parcours.customers.reads.members_of", everybody)
    assert conversations(brand, asked, str(young.pk)) == 1
