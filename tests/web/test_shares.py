"""Links for people without an account: what they open, and everything they don't."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.canvas import reads, writes
from parcours.canvas.shapes import JourneyView
from parcours.canvas.shares.models import Share
from parcours.canvas.shares.shapes import NewShare
from parcours.canvas.shares.writes import make_share, renew_share, revoke_share
from parcours.core.clock import clock_at, now
from parcours.core.errors import BadInput
from tests.canvas.conftest import png

SECRET = "six running shoes"


@pytest.fixture
def journey(alice_acts: Actor, brand: Brand) -> JourneyView:
    made = writes.create_journey("Mark buys running shoes", acting_user=alice_acts, language="en")
    _card(made, alice_acts, "Why €14.90 for shipping?")
    return made


def _card(journey: JourneyView, acts: Actor, title: str, **more: Any) -> Any:
    board = reads.board(journey.brand_id, journey.id)
    return writes.add_card(
        journey.id,
        stage_id=board.stages[0].id,
        lane_id=board.lanes[0].id,
        title=title,
        acting_user=acts,
        **more,
    )


def _share(journey: JourneyView, acts: Actor, **more: Any) -> NewShare:
    return make_share(journey.id, name="The agency", acting_user=acts, **more)


def test_a_link_shows_the_map_to_somebody_without_an_account(journey: JourneyView, alice_acts: Actor) -> None:
    made = _share(journey, alice_acts)
    answer = Client().get(made.path)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Why €14.90 for shipping?" in page
    assert answer.cookies == {}
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_nothing_on_a_shared_map_leads_to_a_page_of_members(journey: JourneyView, alice_acts: Actor) -> None:
    inside = f"[see the map](http://testserver/map/{journey.id}/) and [the law](https://law.example/)"
    _card(journey, alice_acts, "A need with links", text=inside)
    page = Client().get(_share(journey, alice_acts).path).content.decode()
    links = re.findall(r'(?:href|src|action)="([^"]*)"', page)
    assert not [link for link in links if "/map/" in link or "/api/" in link]
    assert "see the map" in page
    assert "https://law.example/" in links


def test_the_address_is_stored_as_a_digest_only(journey: JourneyView, alice_acts: Actor) -> None:
    made = _share(journey, alice_acts, password=SECRET)
    row = Share.objects.get(pk=made.share.id)
    stored = " ".join(str(value) for value in vars(row).values())
    assert made.token not in stored
    assert SECRET not in stored


def test_a_link_opens_nothing_but_its_own_journey(journey: JourneyView, alice_acts: Actor) -> None:
    other = writes.create_journey("Another one", acting_user=alice_acts, language="en")
    picture = writes.add_picture(png(), acting_user=alice_acts)
    _card(other, alice_acts, "Elsewhere", picture_id=picture.id, picture_alt="A picture")
    made = _share(journey, alice_acts)
    visitor = Client()
    assert visitor.get(f"{made.path}journey/{other.id}/").status_code == 404
    assert visitor.get(f"{made.path}pictures/{picture.id}/").status_code == 404
    assert visitor.get(f"/map/{journey.id}/").status_code == 302
    assert visitor.get(f"/map/pictures/{picture.id}/").status_code == 302


def test_pictures_of_the_map_come_through_the_link(journey: JourneyView, alice_acts: Actor) -> None:
    picture = writes.add_picture(png(), acting_user=alice_acts)
    card = _card(journey, alice_acts, "Seen", picture_id=picture.id, picture_alt="The cart")
    made = _share(journey, alice_acts)
    address = f"{made.path}pictures/{picture.id}/"
    assert f'src="{address}"' in Client().get(made.path).content.decode()
    assert Client().get(address).headers["Content-Type"] == "image/webp"
    writes.delete_card(journey.id, card.id, expected_revision=1, acting_user=alice_acts)
    assert Client().get(address).status_code == 404


def test_a_journey_behind_a_card_opens_only_when_it_is_shared_too(
    journey: JourneyView, alice_acts: Actor
) -> None:
    inner = writes.create_journey("The return", acting_user=alice_acts, language="en")
    _card(journey, alice_acts, "Sends them back", leads_to=inner.id)
    closed, opened = _share(journey, alice_acts), _share(journey, alice_acts, journeys=[inner.id])
    assert f"journey/{inner.id}/" not in Client().get(closed.path).content.decode()
    assert Client().get(f"{closed.path}journey/{inner.id}/").status_code == 404
    assert f"{opened.path}journey/{inner.id}/" in Client().get(opened.path).content.decode()
    assert "The return" in Client().get(f"{opened.path}journey/{inner.id}/").content.decode()


def test_only_journeys_that_cards_lead_to_can_be_added(journey: JourneyView, alice_acts: Actor) -> None:
    other = writes.create_journey("Another one", acting_user=alice_acts, language="en")
    with pytest.raises(BadInput):
        _share(journey, alice_acts, journeys=[other.id])


def test_a_revoked_link_is_closed_at_once_with_a_page_that_says_so(
    journey: JourneyView, alice_acts: Actor
) -> None:
    made = _share(journey, alice_acts)
    visitor = Client()
    assert visitor.get(made.path).status_code == 200
    revoke_share(journey.id, made.share.id, acting_user=alice_acts)
    answer = visitor.get(made.path)
    assert answer.status_code == 410
    assert "no longer open" in answer.content.decode()
    assert "Why" not in answer.content.decode()


def test_an_expired_link_is_over(journey: JourneyView, alice_acts: Actor) -> None:
    made = _share(journey, alice_acts, expires_at=now() + timedelta(days=2))
    assert Client().get(made.path).status_code == 200
    with clock_at(now() + timedelta(days=3)):
        assert Client().get(made.path).status_code == 410


def test_a_link_to_a_journey_taken_off_the_list_is_over(journey: JourneyView, alice_acts: Actor) -> None:
    made = _share(journey, alice_acts)
    writes.delete_journey(journey.id, acting_user=alice_acts)
    assert Client().get(made.path).status_code == 410


def test_a_new_address_closes_the_old_one(journey: JourneyView, alice_acts: Actor) -> None:
    made = _share(journey, alice_acts)
    again = renew_share(journey.id, made.share.id, acting_user=alice_acts)
    assert Client().get(made.path).status_code == 404
    assert Client().get(again.path).status_code == 200


def test_a_password_stands_before_the_map_and_its_pictures(journey: JourneyView, alice_acts: Actor) -> None:
    picture = writes.add_picture(png(), acting_user=alice_acts)
    _card(journey, alice_acts, "Seen", picture_id=picture.id, picture_alt="The cart")
    made = _share(journey, alice_acts, password=SECRET)
    visitor = Client(enforce_csrf_checks=True)
    door = visitor.get(made.path)
    assert "Why" not in door.content.decode()
    assert "Mark buys" not in door.content.decode()
    assert door.cookies == {}
    assert visitor.get(f"{made.path}pictures/{picture.id}/").status_code == 404
    assert visitor.post(made.path, {"password": "something else"}).status_code == 403
    inside = visitor.post(made.path, {"password": SECRET}, follow=True)
    assert "Why €14.90" in inside.content.decode()
    assert visitor.get(f"{made.path}pictures/{picture.id}/").status_code == 200


def test_the_cookie_of_one_link_opens_no_other(journey: JourneyView, alice_acts: Actor) -> None:
    first = _share(journey, alice_acts, password=SECRET)
    second = _share(journey, alice_acts, password="another password")
    visitor = Client()
    visitor.post(first.path, {"password": SECRET})
    assert "Why" not in visitor.get(second.path).content.decode()


def test_guessing_passwords_ends_after_ten_tries(journey: JourneyView, alice_acts: Actor) -> None:
    made = _share(journey, alice_acts, password=SECRET)
    visitor = Client()
    for _try in range(10):
        assert visitor.post(made.path, {"password": "wrong"}).status_code == 403
    assert visitor.post(made.path, {"password": SECRET}).status_code == 429
    with clock_at(now() + timedelta(minutes=16)):
        assert visitor.post(made.path, {"password": SECRET}).status_code == 302


def test_only_the_sites_of_a_link_may_embed_it(journey: JourneyView, alice_acts: Actor) -> None:
    open_to = _share(journey, alice_acts, origins=["https://wiki.example", "intranet.example:8443"])
    answer = Client().get(open_to.path)
    assert (
        "frame-ancestors https://wiki.example https://intranet.example:8443"
        in answer.headers["Content-Security-Policy"]
    )
    assert "X-Frame-Options" not in answer.headers
    closed = Client().get(_share(journey, alice_acts).path)
    assert "frame-ancestors 'none'" in closed.headers["Content-Security-Policy"]
    assert closed.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    "origin", ["https://wiki.example; script-src *", "not a site", "*", "ftp://x.example"]
)
def test_what_names_no_site_can_not_embed(journey: JourneyView, alice_acts: Actor, origin: str) -> None:
    with pytest.raises(BadInput):
        _share(journey, alice_acts, origins=[origin])


def test_other_tools_find_how_to_embed_it(journey: JourneyView, alice_acts: Actor) -> None:
    made = _share(journey, alice_acts, origins=["https://wiki.example"])
    found = Client().get("/s/oembed", {"url": f"http://testserver{made.path}", "maxwidth": "600"}).json()
    assert found["type"] == "rich"
    assert found["width"] == 600
    assert made.path in found["html"]
    closed = _share(journey, alice_acts)
    assert Client().get("/s/oembed", {"url": f"http://testserver{closed.path}"}).status_code == 401
    assert Client().get("/s/oembed", {"url": "http://testserver/s/nothing/"}).status_code == 404


def test_it_speaks_the_visitors_language_or_the_chosen_one(journey: JourneyView, alice_acts: Actor) -> None:
    made = _share(journey, alice_acts)
    assert 'lang="fr"' in Client().get(made.path, headers={"accept-language": "fr"}).content.decode()[:300]
    english = Client().get(f"{made.path}?lang=en", headers={"accept-language": "fr"})
    assert '<html lang="en"' in english.content.decode()


def test_openings_are_counted_and_nothing_about_the_visitor(journey: JourneyView, alice_acts: Actor) -> None:
    made = _share(journey, alice_acts)
    for _time in range(3):
        Client().get(made.path)
    row = Share.objects.get(pk=made.share.id)
    assert row.opened == 3
    assert row.last_opened_at is not None


def test_the_page_shows_the_address_this_once(journey: JourneyView, as_alice: Client) -> None:
    sent = {"name": "The agency", "period": "90d", "origins": "wiki.example"}
    made = as_alice.post(f"/map/{journey.id}/share/", sent).content.decode()
    path = re.search(r"http://testserver(/s/[^/]+/)", made)
    assert path is not None
    assert "&lt;iframe src=" in made
    assert Client().get(path[1]).status_code == 200
    again = as_alice.get(f"/map/{journey.id}/share/").content.decode()
    assert path[1] not in again
    assert "The agency" in again


def test_the_last_day_counts_whole(journey: JourneyView, as_alice: Client, settings: LazySettings) -> None:
    today = now().date() + timedelta(days=1)
    sent = {"name": "Until then", "period": "90d", "expires_on": today.isoformat()}
    as_alice.post(f"/map/{journey.id}/share/", sent)
    row = Share.objects.get(name="Until then")
    assert row.expires_at is not None
    assert row.expires_at > now() + timedelta(hours=20)


def test_viewers_make_no_links(journey: JourneyView, as_bob: Client) -> None:
    assert as_bob.get(f"/map/{journey.id}/share/").status_code == 403
    assert as_bob.post(f"/map/{journey.id}/share/", {"name": "x"}).status_code == 403
    assert not Share.objects.exists()


@pytest.mark.django_db
def test_a_made_up_address_is_not_found() -> None:
    answer = Client().get("/s/s_made-up/")
    assert answer.status_code == 404
    assert "opens nothing" in answer.content.decode()
