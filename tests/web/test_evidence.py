"""Evidence on its pages: the tab of a card, the list of a journey, and attaching from elsewhere."""

import json
from collections.abc import Callable, Sequence
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.canvas.evidence import reads, writes
from parcours.canvas.evidence.shapes import EvidenceView, Given
from parcours.canvas.shapes import Board, CardView
from parcours.canvas.writes import add_card
from parcours.core.clock import clock_at, now
from parcours.insights.evidence import count_evidence
from parcours.insights.evidencing import bring_evidence_up_to_date
from tests.insights.happened import Happened, Store

pytest_plugins = ["tests.insights.shop"]

RULE = {"all": [{"field": "name", "op": "is", "value": ["View"]}]}
FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def card(drawn: Board, system: Actor) -> CardView:
    return _card(drawn, system, "Why is shipping so dear?")


def _card(drawn: Board, acting: Actor, title: str, stage: int = 0) -> CardView:
    return add_card(
        drawn.journey.id,
        stage_id=drawn.stages[stage].id,
        lane_id=drawn.lanes[0].id,
        title=title,
        acting_user=acting,
    )


@pytest.fixture
def give(card: CardView, system: Actor) -> Callable[..., EvidenceView]:
    def add(to: CardView | None = None, **more: object) -> EvidenceView:
        given = Given(**{"kind": "query", "rule": RULE, **more})  # type: ignore[arg-type]
        return writes.add_evidence(card.journey_id, (to or card).id, given, acting_user=system)

    return add


def tab(card: CardView, *more: object, name: str = "map_card_evidence") -> str:
    return reverse(name, args=[card.journey_id, card.id, *more])


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content
    return " ".join(answer.content.decode().split())


VIEWED: Sequence[Happened] = [Happened(f"user-{number}", "View", number) for number in range(8)]


def test_a_card_shows_what_speaks_for_it_and_against_it(
    card: CardView, give: Callable[..., EvidenceView], store: Store, brand: Brand, as_alice: Client
) -> None:
    store([*VIEWED, Happened("ann", "Cart", 1)])
    give(title="They look")
    cart = {"all": [{"field": "name", "op": "is", "value": ["Cart"]}]}
    give(title="They put it in the cart", rule=cart, side="against")
    note = Given("note", side="for", source="interview", text="“Too dear”, said Ann", dated=now().date())
    writes.add_evidence(
        card.journey_id, card.id, note, acting_user=Actor("system", brand.pk, "owner", None, "Claire")
    )
    count_evidence(brand)
    page = text(as_alice, tab(card))
    assert "2 pieces of evidence for it, 1 against" in page
    assert page.index("They look") < page.index("They put it in the cart")
    assert '<span class="figure-number">8</span>' in page
    assert "a note weighs less than what is counted" in page


def test_somebody_adds_changes_confirms_removes_and_puts_back(
    card: CardView, store: Store, brand: Brand, as_alice: Client
) -> None:
    store(VIEWED)
    sent = {"kind": "query", "side": "for", "source": "events", "field": "name", "op": "is", "value": "View",
            "period": "30d"}  # fmt: skip
    as_alice.post(tab(card), sent, headers=FRAGMENT)
    (piece,) = reads.evidence_of(brand, card.journey_id, card.id)
    assert (piece.rule, piece.period) == (RULE, {"period": "30d"})
    one = tab(card, piece.id, name="map_card_evidence_piece")

    as_alice.post(one, {**sent, "do": "save", "title": "They look", "side": "against"}, headers=FRAGMENT)
    as_alice.post(one, {"do": "confirm", "note": "Looked today"}, headers=FRAGMENT)
    (piece,) = reads.evidence_of(brand, card.journey_id, card.id)
    assert (piece.title, piece.side) == ("They look", "against")
    assert piece.confirmed is not None
    assert (piece.confirmed.by, piece.confirmed.note) == ("Alice", "Looked today")

    removed = as_alice.post(one, {"do": "remove"}, headers=FRAGMENT).content.decode()
    assert "Undo" in removed
    assert not reads.evidence_of(brand, card.journey_id, card.id)
    as_alice.post(one, {"do": "restore"}, headers=FRAGMENT)
    assert len(reads.evidence_of(brand, card.journey_id, card.id)) == 1


def test_a_form_that_is_wrong_comes_back_with_what_was_typed(card: CardView, as_alice: Client) -> None:
    sent = {"kind": "note", "side": "against", "source": "link", "title": "Kept words", "address": "ftp://x"}
    answer = as_alice.post(tab(card), sent, headers=FRAGMENT)
    assert answer.status_code == 422
    assert b"Kept words" in answer.content
    assert "is not a web address" in answer.content.decode()


def test_the_names_to_choose_are_those_of_the_source_with_their_counts(
    card: CardView, store: Store, as_alice: Client
) -> None:
    store([*VIEWED, Happened("ann", "Products Searched", 1), Happened("ben", "Products Searched", 1)])
    new = tab(card, name="map_card_evidence_new")
    page = text(as_alice, f"{new}?kind=query&source=searches")
    assert '<option value="Products Searched">Products searched · 2 events</option>' in page
    assert '<option value="View">' not in page


def test_words_of_a_customer_are_escaped(
    card: CardView, give: Callable[..., EvidenceView], as_alice: Client, brand: Brand
) -> None:
    give(title="<b>bold</b>")
    assert "&lt;b&gt;bold&lt;/b&gt;" in text(as_alice, tab(card))


def test_touchpoints_of_the_stage_are_suggested_until_they_are_attached(
    card: CardView, give: Callable[..., EvidenceView], store: Store, as_alice: Client
) -> None:
    store(VIEWED)
    suggested = tab(card, name="map_card_evidence_suggested")
    assert "Page" in text(as_alice, suggested)
    give()
    assert "Page" not in text(as_alice, suggested)


def test_the_map_says_on_each_card_what_it_stands_on(  # noqa: PLR0917
    drawn: Board, card: CardView, give: Callable[..., EvidenceView], store: Store, system: Actor,
    brand: Brand, as_alice: Client,
) -> None:  # fmt: skip
    _card(drawn, system, "Nobody has looked")
    store(VIEWED)
    give()
    count_evidence(brand)
    page = text(as_alice, reverse("map", args=[drawn.journey.id]))
    assert "1 for · confirmed today" in page
    assert "No evidence yet" in page
    with clock_at(now() + timedelta(days=45)):
        assert "1 for · ageing, confirmed 45 d ago" in text(as_alice, reverse("map", args=[drawn.journey.id]))
    with clock_at(now() + timedelta(days=120)):
        assert "1 for · old, confirmed" in text(as_alice, reverse("map", args=[drawn.journey.id]))


def test_a_canvas_needs_no_more_queries_for_more_evidence(
    drawn: Board, card: CardView, give: Callable[..., EvidenceView], system: Actor, as_alice: Client
) -> None:
    from django.db import connection

    address = reverse("map", args=[drawn.journey.id])
    give()
    as_alice.get(address)
    with CaptureQueriesContext(
        connection,
    ) as few:
        as_alice.get(address)
    for number in range(6):
        give(_card(drawn, system, f"Card {number}"))
    with CaptureQueriesContext(connection) as many:
        as_alice.get(address)
    assert len(many) == len(few)


def test_the_page_of_a_journey_lists_filters_and_sorts(  # noqa: PLR0917
    drawn: Board, card: CardView, give: Callable[..., EvidenceView], store: Store, system: Actor,
    brand: Brand, as_alice: Client,
) -> None:  # fmt: skip
    store([*VIEWED, *(Happened(f"user-{number}", "Cart", 1) for number in range(3))])
    bare = _card(drawn, system, "Nobody has looked", 1)
    contested = _card(drawn, system, "They say otherwise", 1)
    give()
    cart = {"all": [{"field": "name", "op": "is", "value": ["Cart"]}]}
    give(contested, rule=cart, side="against")
    bring_evidence_up_to_date(brand)
    page = reverse("map_evidence", args=[drawn.journey.id])
    whole = text(as_alice, page)
    assert "1 of 3 cards stand on evidence" in whole
    only = text(as_alice, f"{page}?standing=none")
    assert bare.title in only
    assert contested.title not in only.split("<table")[1]
    pressing = text(as_alice, f"{page}?sort=standing").split("<table")[1]
    assert pressing.index(contested.title) < pressing.index(bare.title) < pressing.index(card.title)


def test_an_editor_says_when_evidence_ages(drawn: Board, brand: Brand, as_alice: Client) -> None:
    address = reverse("map_evidence_days", args=[drawn.journey.id])
    as_alice.post(address, {"ageing": "7", "old": "14"})
    assert (reads.days_of(brand.pk).ageing, reads.days_of(brand.pk).old) == (7, 14)
    as_alice.post(address, {"ageing": "50", "old": "14"})
    assert reads.days_of(brand.pk).ageing == 7


def test_a_number_of_measure_is_attached_with_the_filters_of_its_page(
    drawn: Board, card: CardView, store: Store, brand: Brand, as_alice: Client
) -> None:
    store([*VIEWED, Happened("user-1", "Cart", 0.5)])
    query = urlencode({"of": "events", "who": "doing", "activity": "View", "period": "30d"})
    address = f"{reverse('measure_customers')}?{query}"
    dialog = text(as_alice, f"{reverse('map_attach')}?{urlencode({'from': address})}")
    assert "Who did “View”" in dialog
    assert card.title in dialog
    sent = {"from": address, "journey": str(card.journey_id), "card": str(card.id), "side": "against"}
    assert as_alice.post(reverse("map_attach"), sent, headers=FRAGMENT).status_code == 200
    count_evidence(brand)
    (piece,) = reads.evidence_of(brand, card.journey_id, card.id)
    assert (piece.kind, piece.side, piece.period) == ("number", "against", {"period": "30d"})
    assert piece.count is not None
    assert (piece.count.customers, piece.count.events) == (8, None)
    assert piece.count.last_at is not None
    assert abs(piece.count.last_at - now()) < timedelta(minutes=1)


def test_a_number_of_the_map_is_attached(
    drawn: Board, card: CardView, store: Store, brand: Brand, as_alice: Client
) -> None:
    store([*VIEWED, Happened("user-1", "Cart", 0.5)])
    paths = reverse("map_paths", args=[drawn.journey.id, drawn.stages[0].id])
    address = f"{paths}?outcome=next&period=all"
    sent = {"from": address, "journey": str(card.journey_id), "card": str(card.id)}
    as_alice.post(reverse("map_attach"), sent, headers=FRAGMENT)
    count_evidence(brand)
    (piece,) = reads.evidence_of(brand, card.journey_id, card.id)
    assert piece.count is not None
    assert (piece.count.problem, piece.count.customers) == ("", 1)


def test_events_of_the_log_are_attached(
    drawn: Board, card: CardView, store: Store, brand: Brand, as_alice: Client
) -> None:
    store(VIEWED)
    page = text(as_alice, reverse("listen"))
    assert "data-attach" in page
    sent = {"rule": json.dumps(RULE), "title": "Views", "journey": str(card.journey_id), "card": str(card.id)}
    went = as_alice.post(reverse("map_attach"), sent, headers={"Accept": "text/html"})
    assert went.headers["Location"] == tab(card)
    assert as_alice.post(reverse("map_attach"), sent, headers=FRAGMENT).status_code == 409
    (piece,) = reads.evidence_of(brand, card.journey_id, card.id)
    assert (piece.title, piece.rule) == ("Views", RULE)


def test_an_address_that_shows_nobody_can_not_be_attached(card: CardView, as_alice: Client) -> None:
    for words in ({"from": "/map/"}, {"from": "https://example.org/"}, {"rule": "no"}, {}):
        answer = as_alice.get(f"{reverse('map_attach')}?{urlencode(words)}", headers=FRAGMENT)
        assert answer.status_code == 422


def test_a_viewer_sees_evidence_and_adds_none(
    card: CardView, give: Callable[..., EvidenceView], as_bob: Client, as_agnes: Client, store: Store
) -> None:
    store(VIEWED)
    give(title="They look")
    page = text(as_bob, tab(card))
    assert "They look" in page
    assert "Still true" not in page
    assert as_bob.post(tab(card), {"kind": "note", "text": "x"}, headers=FRAGMENT).status_code == 403
    assert as_agnes.post(tab(card), {"kind": "note", "text": "x"}, headers=FRAGMENT).status_code == 200
