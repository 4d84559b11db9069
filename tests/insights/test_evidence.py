"""Counted evidence says what a plain pass over the same events says, and keeps customers' secrets."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import md5
from typing import Any

import pyarrow as pa
import pytest

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.canvas.evidence import reads, writes
from parcours.canvas.evidence.models import CardStanding, EvidenceCount
from parcours.canvas.evidence.shapes import CountView, Given
from parcours.canvas.reviews.models import Review
from parcours.canvas.shapes import Board, CardView
from parcours.canvas.writes import add_card
from parcours.core.clock import clock_at, now
from parcours.core.periods import read_period
from parcours.customers.consent.ledger import Said, record_consents
from parcours.customers.erasure.carrying_out import do_erase
from parcours.customers.models import Segment
from parcours.customers.writes import do_create_segment, resolve_identities, upsert_customers
from parcours.events.lake import Lake
from parcours.events.lake.layout import staged_schema
from parcours.insights.evidence import count_evidence
from parcours.insights.evidencing import bring_evidence_up_to_date
from parcours.live.models import Update

pytest_plugins = ["tests.insights.shop"]


@dataclass(frozen=True)
class Did:
    user: str
    name: str
    days_ago: float
    channel: str = "web"
    properties: dict[str, Any] = field(default_factory=dict, hash=False)

    @property
    def at(self) -> datetime:
        return now() - timedelta(days=self.days_ago)


Tell = Callable[[Sequence[Did]], dict[str, int]]


@pytest.fixture
def tell(brand: Brand) -> Tell:
    """Stores events; returns the id of each user's customer."""

    def store(events: Sequence[Did]) -> dict[str, int]:
        customers = resolve_identities(brand, "user_id", [event.user for event in events]).tolist()
        rows = [
            {
                "customer": customer,
                "time": event.at,
                "seq": 0,
                "content": md5(repr(event).encode(), usedforsecurity=False).digest(),
                "explicit": False,
                "name": event.name,
                "channel": event.channel,
                "source": "test",
                "received": datetime(2026, 1, 1),
                "properties": json.dumps(event.properties),
            }
            for event, customer in zip(events, customers, strict=True)
        ]
        Lake(brand.pk).append(pa.Table.from_pylist(rows, staged_schema()))
        return dict(zip([event.user for event in events], customers, strict=True))

    return store


@pytest.fixture
def card(drawn: Board, system: Actor) -> CardView:
    return add_card(
        drawn.journey.id,
        stage_id=drawn.stages[0].id,
        lane_id=drawn.lanes[0].id,
        title="Why is shipping so dear?",
        acting_user=system,
    )


def asking(name: str = "Message Received", **more: Any) -> Given:
    conditions = [{"field": "name", "op": "is", "value": [name]}, *more.pop("conditions", ())]
    return Given("query", rule={"all": conditions}, **more)


def said(user: str, text: str, days_ago: float = 1, channel: str = "chat") -> Did:
    return Did(user, "Message Received", days_ago, channel, {"text": text, "topic": "shipping"})


def counted(brand: Brand, card: CardView, given: Given, system: Actor) -> CountView:
    added = writes.add_evidence(card.journey_id, card.id, given, acting_user=system)
    count_evidence(brand)
    count = reads.evidence(brand, card.journey_id, added.id).count
    assert count is not None
    return count


MANY = [
    Did(
        f"user-{number % 23}",
        "Message Received" if number % 3 else "View",
        number * 0.9,
        ("web", "chat")[number % 2],
        {"text": f"words {number % 11}", "topic": ("shipping", "size")[number % 5 == 0]},
    )
    for number in range(140)
]


@pytest.mark.parametrize("period", [{"period": "30d"}, {"period": "90d"}, {"period": "all"}])
def test_counts_are_those_of_a_plain_pass(
    period: dict[str, str], brand: Brand, card: CardView, tell: Tell, system: Actor
) -> None:
    ids = tell(MANY)
    topic = {"field": "properties.topic", "op": "is", "value": ["shipping"]}
    count = counted(brand, card, asking(conditions=[topic], period=period), system)

    when = read_period(period, brand.time_zone)
    meant = [
        each for each in MANY if each.name == "Message Received" and each.properties["topic"] == "shipping"
    ]
    inside = [each for each in meant if when.start is None or each.at >= when.start]
    everybody = {ids[each.user] for each in MANY if when.start is None or each.at >= when.start}
    assert count.events == len(inside)
    assert count.customers == len({each.user for each in inside})
    assert count.share == pytest.approx(count.customers / len(everybody))
    assert count.last_at is not None
    assert abs(count.last_at - min(meant, key=lambda each: each.days_ago).at) < timedelta(seconds=5)

    end = read_period({"period": "1d"}, brand.time_zone).end
    assert end is not None
    weeks: list[set[str]] = [set() for _week in range(12)]
    for each in meant:
        back = (end - each.at) // timedelta(days=7)
        if back < 12:
            weeks[11 - back].add(each.user)
    assert list(count.weeks) == [len(users) for users in weeks]
    newest: dict[str, Did] = {}
    for each in sorted(inside, key=lambda each: each.days_ago):
        newest.setdefault(each.properties["text"], each)
    assert [sample.text for sample in count.samples] == list(newest)[:5]


def test_a_segment_narrows_who_counts(brand: Brand, card: CardView, tell: Tell, system: Actor) -> None:
    tell([said("ann", "a"), said("ben", "b"), said("cat", "c")])
    upsert_customers(
        brand, pa.table({"user_id": ["ann", "ben"], "country": ["FR", "BE"]}), acting_user=system
    )
    rule = {"all": [{"field": "country", "op": "is", "value": ["FR"]}]}
    segment = do_create_segment(brand, "French", rule, acting_user=system)
    count = counted(brand, card, asking(segment=str(segment.pk)), system)
    assert (count.events, count.customers) == (1, 1)
    assert [sample.text for sample in count.samples] == ["a"]


def test_words_are_shown_without_what_tells_who_said_them(
    brand: Brand, card: CardView, tell: Tell, system: Actor
) -> None:
    tell(
        [
            said("ann", "Write to ann.b@example.org or call 06 12 34 56 78"),
            said("ben", "<script>alert(1)</script> 14,90 € for size 42?", 2),
            said("cat", "See https://example.org/me?token=1, +33 6 12 34 56 78", 3),
        ]
    )
    texts = [sample.text for sample in counted(brand, card, asking(), system).samples]
    assert texts == [
        "Write to ••• or call •••",
        "<script>alert(1)</script> 14,90 € for size 42?",
        "See ••• •••",
    ]


def test_agents_words_are_no_evidence(brand: Brand, card: CardView, tell: Tell, system: Actor) -> None:
    tell([Did("ann", "Message Sent", 1, "chat", {"text": "We will look into it"})])
    assert counted(brand, card, asking("Message Sent"), system).samples == ()


def test_who_refused_to_be_studied_is_not_quoted(
    brand: Brand, card: CardView, tell: Tell, system: Actor
) -> None:
    ids = tell([said("ann", "quote me"), said("ben", "rather not", 2)])
    row = Said(customer_id=ids["ben"], purpose="analytics", channel="", state="denied", at=now())
    record_consents(brand, [row], method="agent", acting_user=system)
    count = counted(brand, card, asking(), system)
    assert count.customers == 2
    assert [sample.text for sample in count.samples] == ["quote me"]


def test_an_erased_persons_words_are_gone_at_once_and_from_the_numbers_when_counted(
    brand: Brand, card: CardView, tell: Tell, system: Actor
) -> None:
    ids = tell([said("ann", "keep"), said("ben", "forget me", 2)])
    assert len(counted(brand, card, asking(), system).samples) == 2
    erasure = do_erase(brand, [ids["ben"]], acting_user=system)
    assert erasure.counts["words shown as evidence"] == 1
    assert "forget me" not in json.dumps(EvidenceCount.objects.get().samples)
    count_evidence(brand)
    kept = EvidenceCount.objects.get()
    assert (kept.customers, [each["text"] for each in kept.samples]) == (1, ["keep"])


def test_what_did_not_change_is_not_counted_again(
    brand: Brand, card: CardView, tell: Tell, system: Actor
) -> None:
    tell([said("ann", "a")])
    counted(brand, card, asking(), system)
    assert count_evidence(brand) == 0
    tell([said("ben", "b")])
    assert count_evidence(brand) == 1


def test_a_card_whose_evidence_grew_old_is_reviewed_once(
    brand: Brand, card: CardView, tell: Tell, system: Actor
) -> None:
    tell([said("ann", "a")])
    writes.add_evidence(card.journey_id, card.id, asking(), acting_user=system)
    bring_evidence_up_to_date(brand)
    assert not Review.objects.exists()
    for day in (95, 96, 97):
        with clock_at(now() + timedelta(days=day)):
            bring_evidence_up_to_date(brand)
    review = Review.objects.get()
    assert (review.reason, review.card_id) == ("evidence-old", card.id)
    review.closed_at = now()
    review.save()
    with clock_at(now() + timedelta(days=98)):
        bring_evidence_up_to_date(brand)
    assert Review.objects.count() == 1


def test_a_card_that_more_customers_contradict_is_reviewed(
    brand: Brand, card: CardView, tell: Tell, system: Actor
) -> None:
    tell([said("ann", "a"), Did("ben", "Order", 1), Did("cat", "Order", 1)])
    writes.add_evidence(card.journey_id, card.id, asking(), acting_user=system)
    bring_evidence_up_to_date(brand)
    Update.objects.all().delete()
    writes.add_evidence(card.journey_id, card.id, asking("Order", side="against"), acting_user=system)
    assert bring_evidence_up_to_date(brand) == [card.id]
    standing = CardStanding.objects.get()
    assert (standing.before, standing.standing) == ("fresh", "contested")
    assert Review.objects.get().reason == "evidence-contested"
    assert Update.objects.filter(name="card.marked", payload__card=str(card.id)).exists()


def test_a_query_over_something_that_is_gone_says_so(
    brand: Brand, card: CardView, tell: Tell, system: Actor
) -> None:
    tell([said("ann", "a")])
    rule = {"all": [{"field": "country", "op": "is", "value": ["FR"]}]}
    segment = do_create_segment(brand, "French", rule, acting_user=system)
    writes.add_evidence(card.journey_id, card.id, asking(segment=str(segment.pk)), acting_user=system)
    Segment.objects.all().delete()
    count_evidence(brand)
    assert EvidenceCount.objects.get().problem == "gone"


def test_before_the_first_event_everything_is_nothing(brand: Brand, card: CardView, system: Actor) -> None:
    count = counted(brand, card, asking(), system)
    assert (count.events, count.customers, count.share, count.last_at) == (0, 0, None, None)
