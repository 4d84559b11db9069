"""The pages of moments and of brand values, as people with different roles see them."""

import pytest
from django.conf import LazySettings
from django.test import Client

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor, system_actor
from parcours.canvas import reads
from parcours.canvas.brand_values.reads import brand_fit, brand_values
from parcours.canvas.brand_values.writes import add_value
from parcours.canvas.captures.reads import moment as read_moment
from parcours.canvas.captures.writes import keep_capture
from parcours.canvas.proposals.reads import open_proposals
from parcours.canvas.shapes import CardView, JourneyView, TouchpointView
from parcours.canvas.writes import add_card, add_touchpoint, create_journey
from tests.canvas.test_captures import new_price, screen

RULE = {"all": [{"field": "name", "op": "is", "value": ["Checkout Started"]}]}


@pytest.fixture
def journey(alice_acts: Actor) -> JourneyView:
    return create_journey("Mark buys running shoes", acting_user=alice_acts, language="en")


@pytest.fixture
def moment(journey: JourneyView, brand: Brand, alice_acts: Actor) -> CardView:
    board = reads.board(brand.pk, journey.id)
    lane = next(lane for lane in board.lanes if lane.kind == "moment")
    return add_card(
        journey.id, stage_id=board.stages[2].id, lane_id=lane.id, title="The price", acting_user=alice_acts
    )


@pytest.fixture
def payment(journey: JourneyView, brand: Brand, alice_acts: Actor) -> TouchpointView:
    stage = reads.board(brand.pk, journey.id).stages[2]
    return add_touchpoint(journey.id, stage_id=stage.id, name="Payment", rule=RULE, acting_user=alice_acts)


BROWSER = {"accept": "text/html", "sec-fetch-mode": "navigate"}


def section(moment: CardView, verb: str = "") -> str:
    return f"/map/{moment.journey_id}/cards/{moment.id}/picture/{verb}"


def test_an_empty_page_says_what_a_moment_is(as_alice: Client, journey: JourneyView) -> None:
    answer = as_alice.get(f"/map/{journey.id}/moments/")
    assert b"No key moment yet" in answer.content


def test_a_moment_is_set_up_in_its_tab(as_alice: Client, moment: CardView, brand: Brand) -> None:
    form = {
        "address": "/help/",
        "device": "phone",
        "language": "fr",
        "rhythm": "daily",
        "element": "#cart",
        "ignored": "0 80 100 20\n1,5 2 3 4",
    }
    answer = as_alice.post(section(moment, "set/"), form, headers=BROWSER)
    assert answer.status_code == 302
    capturing = read_moment(brand.pk, moment.journey_id, moment.id).capturing
    assert capturing is not None
    assert (capturing.device, capturing.element, capturing.rhythm) == ("phone", "#cart", "daily")
    assert [tuple(each) for each in capturing.ignored] == [(0, 80, 100, 20), (1.5, 2, 3, 4)]
    assert capturing.asked_at is not None
    fragment = as_alice.get(section(moment), headers={"hx-request": "true"}).content.decode()
    assert "A picture is being taken" in fragment
    assert "<html" not in fragment
    assert "1.5 2 3 4" in fragment


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"address": "http://127.0.0.1/admin"}, "private network"),
        ({"address": ""}, "required"),
        ({"ignored": "a b c d"}, "not four numbers"),
        ({"ignored": "90 0 20 10"}, "hundredths"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    as_alice: Client, moment: CardView, changed: dict[str, str], said: str
) -> None:
    form = {"address": "/help/", "device": "phone", "rhythm": "daily", **changed}
    answer = as_alice.post(section(moment, "set/"), form)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_a_change_is_decided_on_the_page_of_moments(as_alice: Client, moment: CardView, brand: Brand) -> None:
    as_alice.post(section(moment, "set/"), {"address": "/help/", "device": "desktop", "rhythm": "weekly"})
    keep_capture(moment.id, screen(), acting_user=system_actor(brand.pk))
    keep_capture(moment.id, screen(new_price), acting_user=system_actor(brand.pk))
    page = f"/map/{moment.journey_id}/moments/"
    shown = as_alice.get(page).content.decode()
    assert "<before-after" in shown
    assert "1 picture changed" in shown
    assert "<figure" in as_alice.get(f"{page}?view=beside").content.decode()
    [proposal] = open_proposals(brand.pk, moment.journey_id)
    decided = as_alice.post(
        f"/map/{moment.journey_id}/proposals/{proposal.id}/accept/", {"back_to": page}, headers=BROWSER
    )
    assert (decided.status_code, decided.headers["Location"]) == (302, page)
    assert "taken over by Alice" in as_alice.get(page).content.decode()


def test_a_viewer_sees_moments_and_changes_nothing(as_bob: Client, moment: CardView) -> None:
    page = as_bob.get(f"/map/{moment.journey_id}/moments/").content.decode()
    assert "The price" in page
    assert "Look now" not in page
    assert as_bob.post(section(moment, "take/")).status_code == 403


def test_the_simulated_shop_is_open_in_the_demo_only(client: Client, settings: LazySettings) -> None:
    assert client.get("/foulee/payment/").status_code == 404
    folder = settings.DATA / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "day").write_text("2026-11-22")
    try:
        french = client.get("/foulee/product/", headers={"accept-language": "fr-FR,fr"})
        assert '<html lang="fr">' in french.content.decode()
        assert client.get("/foulee/product/foulee.css").headers["Content-Type"] == "text/css"
        assert client.get("/foulee/product/photograph.py").status_code == 404
        assert client.get("/foulee/product-now/").status_code == 404
    finally:
        (folder / "day").unlink()


def test_values_are_written_down_moved_and_put_back(as_alice: Client, as_bob: Client, brand: Brand) -> None:
    for name in ("Honest prices", "Advice first"):
        assert as_alice.post("/brand/values/", {"name": name}).status_code == 302
    assert as_alice.post("/brand/values/", {"name": "honest prices"}).status_code == 422
    assert as_bob.post("/brand/values/", {"name": "Mine"}).status_code == 403
    first, second = brand_values(brand.pk)
    as_alice.post(f"/brand/values/{second.id}/move/", {"to": "up"})
    assert [value.name for value in brand_values(brand.pk)] == ["Advice first", "Honest prices"]
    as_alice.post(f"/brand/values/{first.id}/", {"name": "Fair prices", "sentence": "All at once."})
    as_alice.post(f"/brand/values/{second.id}/remove/")
    assert [value.name for value in brand_values(brand.pk)] == ["Fair prices"]
    assert b"Put back" in as_alice.get("/brand/values/").content
    as_alice.post(f"/brand/values/{second.id}/restore/")
    assert len(brand_values(brand.pk)) == 2


def test_a_cell_is_rated_and_quoted_without_scripts(
    as_alice: Client, journey: JourneyView, payment: TouchpointView, brand: Brand, alice_acts: Actor
) -> None:
    table = f"/map/{journey.id}/values/"
    assert b"No value is written down yet" in as_alice.get(table).content
    value = add_value("Honest prices", acting_user=alice_acts)
    cell = f"{table}{payment.id}/{value.id}/"
    as_alice.post(f"{cell}wanted/", {"level": "4"})
    as_alice.post(f"{cell}felt/", {"level": "1"})
    as_alice.post(f"{cell}quotes/", {"text": "A lure.", "source": "chat"})
    [fit] = brand_fit(brand.pk, journey.id).fits
    assert (fit.gap, fit.quotes[0].text) == (3.0, "A lure.")
    page = as_alice.get(table).content.decode()
    assert "large gap" in page
    assert "A lure." in page
    assert "Honest prices: gap 3" in as_alice.get(f"/map/{journey.id}/").content.decode()
    removed = as_alice.post(f"{table}quotes/{fit.quotes[0].id}/remove/")
    assert b"Put back" in as_alice.get(removed.headers["Location"]).content
    as_alice.post(f"{table}quotes/{fit.quotes[0].id}/restore/")
    fragment = as_alice.post(f"{cell}felt/", {"level": ""}, headers={"hx-request": "true"})
    assert fragment.content.decode().strip().startswith("<td")
    assert brand_fit(brand.pk, journey.id).fits[0].felt is None
