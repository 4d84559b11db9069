import uuid
from typing import Any

import pytest
from django.test import Client

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor, system_actor
from parcours.canvas import reads, writes
from parcours.canvas.shapes import Board, CardView, JourneyView
from tests.canvas.conftest import png, titles

FROM_SCRIPT = {"HX-Request": "true"}
WITHOUT_SCRIPT = {"Accept": "text/html"}


@pytest.fixture
def journey(alice_acts: Actor) -> JourneyView:
    return writes.create_journey("Mark buys running shoes", acting_user=alice_acts, language="en")


def see(journey: JourneyView) -> Board:
    return reads.board(journey.brand_id, journey.id)


@pytest.fixture
def card(journey: JourneyView, alice_acts: Actor) -> CardView:
    board = see(journey)
    return writes.add_card(
        journey.id,
        stage_id=board.stages[0].id,
        lane_id=board.lanes[0].id,
        title="Back pain",
        acting_user=alice_acts,
    )


def post(client: Client, path: str, data: dict[str, Any], *, revision: int | None = None) -> Any:
    """As the board's script sends it."""
    headers = dict(FROM_SCRIPT)
    if revision is not None:
        headers["If-Match"] = f'"{revision}"'
    return client.post(path, data, headers=headers)


# Pages


def test_the_list_leads_to_each_map(as_bob: Client, journey: JourneyView) -> None:
    page = as_bob.get("/map/").content.decode()
    assert "Mark buys running shoes" in page
    assert f"/map/{journey.id}/" in page


def test_the_canvas_shows_stages_rows_cards_and_what_belongs_in_empty_cells(
    as_bob: Client, journey: JourneyView, card: CardView
) -> None:
    page = as_bob.get(f"/map/{journey.id}/").content.decode()
    for words in (
        "Consideration",
        "Key moment",
        "Back pain",
        "What holds them back when they are about to pay.",
    ):
        assert words in page


def test_the_canvas_takes_the_same_number_of_queries_with_one_card_or_sixty(
    as_bob: Client, journey: JourneyView, alice_acts: Actor, django_assert_max_num_queries: Any
) -> None:
    board = see(journey)
    for n in range(60):
        writes.add_card(
            journey.id,
            stage_id=board.stages[n % 5].id,
            lane_id=board.lanes[n % 3].id,
            title=f"Card {n}",
            acting_user=alice_acts,
        )
    with django_assert_max_num_queries(26):
        as_bob.get(f"/map/{journey.id}/")


def test_a_map_of_another_brand_is_not_found(
    as_charlie: Client, journey: JourneyView, card: CardView
) -> None:
    card_address = f"/map/{journey.id}/cards/{card.id}/"
    for address in (f"/map/{journey.id}/", f"/map/{journey.id}/settings/", card_address):
        assert as_charlie.get(address).status_code == 404
    assert post(as_charlie, f"{card_address}edit/", {"title": "Mine"}, revision=1).status_code == 404
    assert see(journey).cards[0].title == "Back pain"


def test_a_viewer_reads_but_does_not_write(as_bob: Client, journey: JourneyView, card: CardView) -> None:
    assert as_bob.get(f"/map/{journey.id}/cards/{card.id}/").status_code == 200
    assert (
        post(as_bob, f"/map/{journey.id}/cards/{card.id}/edit/", {"title": "x"}, revision=1).status_code
        == 403
    )
    assert as_bob.get(f"/map/{journey.id}/settings/").status_code == 403


def test_a_period_that_is_none_is_explained(as_bob: Client, journey: JourneyView) -> None:
    answer = as_bob.get(f"/map/{journey.id}/?period=soon")
    assert answer.status_code == 422
    assert "Write 30d" in answer.content.decode()


def test_a_new_map_is_drawn_in_the_chosen_language_for_a_new_persona(as_alice: Client, brand: Brand) -> None:
    answer = as_alice.post(
        "/map/new",
        {"title": "Marc", "kind": "as-is", "language": "en", "persona_name": "Marc", "birth_year": "1978"},
    )
    (summary,) = reads.journeys(brand.pk)
    assert answer.headers["Location"] == f"/map/{summary.journey.id}/"
    assert summary.journey.persona is not None
    assert summary.journey.persona.birth_year == 1978


def test_a_new_map_without_title_has_that_of_its_template(as_alice: Client, brand: Brand) -> None:
    as_alice.post("/map/new", {"title": "", "kind": "as-is", "language": "fr", "template": "shop"})
    (summary,) = reads.journeys(brand.pk)
    assert summary.journey.title == "Un client achète dans notre boutique"


# Cards


def test_adding_a_card_answers_with_it_and_its_revision(as_alice: Client, journey: JourneyView) -> None:
    board = see(journey)
    chosen = uuid.uuid4()
    sent = {"id": chosen, "stage": board.stages[0].id, "lane": board.lanes[0].id, "title": "Sans mal de dos"}
    answer = post(as_alice, f"/map/{journey.id}/cards/", sent)
    assert (answer.status_code, answer.headers["ETag"]) == (201, '"1"')
    assert f'id="card-{chosen}"' in answer.content.decode()
    assert post(as_alice, f"/map/{journey.id}/cards/", sent).status_code == 201
    assert titles(see(journey)) == ["Sans mal de dos"]


def test_editing_answers_with_the_card_and_its_new_revision(
    as_alice: Client, journey: JourneyView, card: CardView
) -> None:
    answer = post(
        as_alice, f"/map/{journey.id}/cards/{card.id}/edit/", {"title": "New", "text": "Words"}, revision=1
    )
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    assert see(journey).cards[0].text == "Words"


def test_two_people_editing_the_same_card_get_both_versions_to_choose_from(
    as_alice: Client, journey: JourneyView, card: CardView
) -> None:
    address = f"/map/{journey.id}/cards/{card.id}/edit/"
    post(as_alice, address, {"title": "Theirs", "text": ""}, revision=1)
    answer = post(as_alice, address, {"title": "Mine", "text": ""}, revision=1)
    page = answer.content.decode()
    assert (answer.status_code, answer.headers["ETag"]) == (409, '"2"')
    assert "Theirs" in page
    assert "Mine" in page
    assert see(journey).cards[0].title == "Theirs"
    assert post(as_alice, address, {"title": "Ours", "text": ""}, revision=2).status_code == 200
    assert see(journey).cards[0].title == "Ours"


def test_a_picture_sent_in_a_conflict_is_kept_for_the_settled_version(
    as_alice: Client, journey: JourneyView, card: CardView
) -> None:
    address = f"/map/{journey.id}/cards/{card.id}/edit/"
    post(as_alice, address, {"title": "Theirs"}, revision=1)
    answer = post(as_alice, address, {"title": "Mine", "picture": png()}, revision=1)
    kept = answer.context["yours"]["picture_id"]
    assert f'value="{kept}"' in answer.content.decode()
    post(as_alice, address, {"title": "Ours", "picture_id": kept}, revision=2)
    picture = see(journey).cards[0].picture
    assert picture is not None
    assert picture.id == kept


def test_a_conflict_shows_both_pictures_to_choose_from(
    as_alice: Client, journey: JourneyView, card: CardView
) -> None:
    address = f"/map/{journey.id}/cards/{card.id}/edit/"
    post(as_alice, address, {"title": "Back pain", "picture": png(colour="red")}, revision=1)
    theirs = see(journey).cards[0].picture
    assert theirs is not None
    page = post(as_alice, address, {"title": "Back pain", "picture": png()}, revision=1).content.decode()
    assert page.count('type="radio" name="picture_id"') == 2
    post(as_alice, address, {"title": "Back pain", "picture_id": theirs.id}, revision=2)
    assert see(journey).cards[0].picture == theirs
    post(as_alice, address, {"title": "Back pain", "picture_id": ""}, revision=2)
    assert see(journey).cards[0].picture is None


def test_a_change_without_its_revision_is_refused(
    as_alice: Client, journey: JourneyView, card: CardView
) -> None:
    assert post(as_alice, f"/map/{journey.id}/cards/{card.id}/edit/", {"title": "x"}).status_code == 428


def test_what_is_wrong_with_a_card_stands_in_its_form(
    as_alice: Client, journey: JourneyView, card: CardView
) -> None:
    answer = post(
        as_alice, f"/map/{journey.id}/cards/{card.id}/edit/", {"title": "", "text": "", "alt": ""}, revision=1
    )
    assert answer.status_code == 422
    assert "A card needs a title, a text or a picture." in answer.content.decode()


def test_a_file_that_is_no_picture_is_refused_beside_its_field(
    as_alice: Client, journey: JourneyView, card: CardView
) -> None:
    rubbish = png()
    rubbish.write(b"\x00" * 40)
    rubbish.seek(0)
    answer = post(
        as_alice, f"/map/{journey.id}/cards/{card.id}/edit/", {"title": "x", "picture": rubbish}, revision=1
    )
    assert answer.status_code == 422
    assert answer.context["form"].errors["picture"]
    assert see(journey).cards[0].revision == 1


def test_moving_deleting_and_undoing(as_alice: Client, journey: JourneyView, card: CardView) -> None:
    address = f"/map/{journey.id}/cards/{card.id}/"
    board = see(journey)
    place = {"stage": board.stages[1].id, "lane": board.lanes[2].id, "before": "", "after": ""}
    assert post(as_alice, f"{address}move/", place, revision=1).headers["ETag"] == '"2"'
    assert titles(see(journey), "Consideration", "action") == ["Back pain"]
    assert post(as_alice, f"{address}delete/", {}, revision=1).status_code == 409
    assert post(as_alice, f"{address}delete/", {}, revision=2).status_code == 200
    assert as_alice.get(address).status_code == 404
    assert post(as_alice, f"{address}edit/", {"title": "x"}, revision=2).status_code == 404
    assert post(as_alice, f"{address}restore/", {}).status_code == 200
    assert titles(see(journey), "Consideration", "action") == ["Back pain"]


def test_a_card_is_copied_between_maps_once_however_often_it_is_sent(
    as_alice: Client, as_bob: Client, journey: JourneyView, card: CardView, alice_acts: Actor
) -> None:
    other = writes.create_journey("Another", acting_user=alice_acts, language="en")
    there = see(other)
    data = {
        "source": card.id,
        "stage": there.stages[0].id,
        "lane": there.lanes[0].id,
        "id": uuid.uuid4(),
    }
    address = f"/map/{other.id}/copies/"
    assert as_bob.post(address, data).status_code == 403
    for _ in range(2):
        answer = post(as_alice, address, data)
        assert answer.status_code == 201
    assert "Back pain" in answer.content.decode()
    assert titles(see(other)) == titles(see(journey)) == ["Back pain"]
    assert post(as_alice, address, {**data, "source": uuid.uuid4()}).status_code == 404
    assert post(as_alice, address, {**data, "source": ""}).status_code in {404, 422}


def test_a_card_of_another_brand_is_never_copied(
    as_charlie: Client, other_brand: Brand, card: CardView
) -> None:
    acting = system_actor(other_brand.pk)
    own = writes.create_journey("Theirs", acting_user=acting, language="en")
    board = reads.board(other_brand.pk, own.id)
    data = {"source": card.id, "stage": board.stages[0].id, "lane": board.lanes[0].id}
    assert post(as_charlie, f"/map/{own.id}/copies/", data).status_code == 404
    assert reads.board(other_brand.pk, own.id).cards == ()


def test_a_form_without_script_saves_and_goes_back_to_the_canvas(
    as_alice: Client, journey: JourneyView, card: CardView
) -> None:
    address = f"/map/{journey.id}/cards/{card.id}/edit/"
    assert "<html" in as_alice.get(address, headers=WITHOUT_SCRIPT).content.decode()
    answer = as_alice.post(address, {"title": "Plain", "revision": "1"}, headers=WITHOUT_SCRIPT)
    assert answer.headers["Location"] == f"/map/{journey.id}/#card-{card.id}"
    assert see(journey).cards[0].title == "Plain"


def test_somebody_editing_is_named_on_the_card(
    as_alice: Client, as_bob: Client, journey: JourneyView, card: CardView
) -> None:
    address = f"/map/{journey.id}/cards/{card.id}/"
    assert post(as_alice, f"{address}lease/", {}).status_code == 204
    assert "Alice is editing" in as_bob.get(address, headers=FROM_SCRIPT).content.decode()
    assert "Alice is editing" not in as_alice.get(address, headers=FROM_SCRIPT).content.decode()
    post(as_alice, f"{address}lease/", {"release": "1"})
    assert "Alice is editing" not in as_bob.get(address, headers=FROM_SCRIPT).content.decode()


def test_a_picture_is_served_to_its_brand_alone_and_asked_for_once(
    as_alice: Client, as_bob: Client, as_charlie: Client, alice_acts: Actor
) -> None:
    address = writes.add_picture(png(), acting_user=alice_acts).url
    answer = as_bob.get(address)
    assert answer.headers["Content-Type"] == "image/webp"
    assert "immutable" in answer.headers["Cache-Control"]
    again = as_bob.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert as_charlie.get(address).status_code == 404
    assert Client().get(address).status_code == 302


# Settings


def test_stages_are_added_renamed_moved_removed_and_put_back(
    as_alice: Client, journey: JourneyView, card: CardView
) -> None:
    base = f"/map/{journey.id}"
    first = see(journey).stages[0]
    as_alice.post(f"{base}/stages/", {"name": "Loyalty", "description": ""})
    assert [stage.name for stage in see(journey).stages][-1] == "Loyalty"
    as_alice.post(f"{base}/stages/{first.id}/edit/", {"name": "Discovery", "description": "At last"})
    as_alice.post(f"{base}/stages/{first.id}/move/", {"position": "1"})
    assert [stage.name for stage in see(journey).stages][:2] == ["Consideration", "Discovery"]
    as_alice.post(f"{base}/stages/{first.id}/remove/")
    assert see(journey).cards == ()
    assert "Discovery" in as_alice.get(f"{base}/settings/").content.decode()
    as_alice.post(f"{base}/stages/{first.id}/restore/")
    assert [found.title for found in see(journey).cards] == ["Back pain"]


def test_rows_are_added_renamed_moved_removed_and_put_back(as_alice: Client, journey: JourneyView) -> None:
    base = f"/map/{journey.id}"
    as_alice.post(f"{base}/lanes/", {"kind": "pain", "name": ""})
    pain = see(journey).lanes[-1]
    assert (pain.kind, pain.name) == ("pain", "Pain points")
    as_alice.post(f"{base}/lanes/{pain.id}/edit/", {"name": "What hurts"})
    as_alice.post(f"{base}/lanes/{pain.id}/move/", {"position": "0"})
    assert see(journey).lanes[0].name == "What hurts"
    as_alice.post(f"{base}/lanes/{pain.id}/remove/")
    assert len(see(journey).lanes) == 3
    as_alice.post(f"{base}/lanes/{pain.id}/restore/")
    assert see(journey).lanes[0].name == "What hurts"


def test_a_stage_without_a_name_is_refused_where_it_was_typed(as_alice: Client, journey: JourneyView) -> None:
    answer = as_alice.post(f"/map/{journey.id}/stages/", {"name": "  "})
    assert answer.status_code == 422
    assert answer.context["stage_form"].errors["name"]


def test_the_last_stage_stays(as_alice: Client, journey: JourneyView) -> None:
    for stage in see(journey).stages:
        as_alice.post(f"/map/{journey.id}/stages/{stage.id}/remove/")
    assert [stage.name for stage in see(journey).stages] == ["Advocacy"]


def test_title_kind_and_persona_are_changed(
    as_alice: Client, journey: JourneyView, alice_acts: Actor
) -> None:
    mark = writes.add_persona("Mark", acting_user=alice_acts)
    address = f"/map/{journey.id}/settings/"
    as_alice.post(address, {"title": "Soon", "summary": "", "kind": "to-be", "persona": str(mark.id)})
    assert (see(journey).journey.title, see(journey).journey.kind) == ("Soon", "to-be")
    assert see(journey).persona == mark
    as_alice.post(address, {"title": "Soon", "summary": "", "kind": "to-be", "persona": ""})
    assert see(journey).persona is None


def test_a_map_taken_off_the_list_can_be_put_back(as_alice: Client, journey: JourneyView) -> None:
    as_alice.post(f"/map/{journey.id}/delete/")
    assert as_alice.get(f"/map/{journey.id}/").status_code == 404
    assert as_alice.post(f"/map/{journey.id}/restore/").headers["Location"] == f"/map/{journey.id}/"


# Touchpoints

RULE = {"field": ["name", "properties.country"], "op": ["is", "is"], "value": ["Ad Clicked", 'FR, "a, b"']}


def test_a_touchpoint_is_added_with_its_rule(as_alice: Client, journey: JourneyView) -> None:
    stage = see(journey).stages[0]
    address = f"/map/{journey.id}/touchpoints/new/"
    as_alice.post(address, {"stage": stage.id, "name": "Advert", "channel": "web", **RULE})
    (found,) = see(journey).touchpoints
    assert found.rule["all"] == [
        {"field": "name", "op": "is", "value": ["Ad Clicked"]},
        {"field": "properties.country", "op": "is", "value": ["FR", "a, b"]},
    ]
    assert see(journey).journey.rules_revision > journey.rules_revision
    page = as_alice.get(f"/map/{journey.id}/touchpoints/{found.id}/").content.decode()
    assert "FR, &quot;a, b&quot;" in page
    assert found.sentence in as_alice.get(f"/map/{journey.id}/touchpoints/").content.decode().replace(
        "&#x27;", "'"
    )


def test_a_rule_that_can_not_be_is_shown_again_with_what_is_wrong(
    as_alice: Client, journey: JourneyView
) -> None:
    stage = see(journey).stages[0]
    sent = {"stage": stage.id, "name": "Advert", "field": "colour", "op": "is", "value": "red"}
    answer = as_alice.post(f"/map/{journey.id}/touchpoints/new/", sent, headers=FROM_SCRIPT)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "“colour” can" in page
    assert 'value="red"' in page
    assert see(journey).touchpoints == ()


def test_touchpoints_are_tried_in_the_order_a_person_gives_them(
    as_alice: Client, journey: JourneyView, alice_acts: Actor
) -> None:
    stage = see(journey).stages[0]
    rule = {"all": [{"field": "name", "op": "is", "value": ["Ad Clicked"]}]}
    for name in ("First", "Second"):
        writes.add_touchpoint(journey.id, stage_id=stage.id, name=name, rule=rule, acting_user=alice_acts)
    second = see(journey).touchpoints[1]
    as_alice.post(f"/map/{journey.id}/touchpoints/{second.id}/", {"do": "up"})
    assert [found.name for found in see(journey).touchpoints] == ["Second", "First"]
    as_alice.post(f"/map/{journey.id}/touchpoints/{second.id}/", {"do": "delete"})
    assert [found.name for found in see(journey).touchpoints] == ["First"]
    as_alice.post(f"/map/{journey.id}/touchpoints/{second.id}/restore/")
    assert [found.name for found in see(journey).touchpoints] == ["Second", "First"]
