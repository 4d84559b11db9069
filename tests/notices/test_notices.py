"""People are told what concerns them, once, and nobody else is."""

from datetime import timedelta

import pytest
from django.test import Client

from parcours.accounts.models import Brand, Membership, Person
from parcours.accounts.rights import Actor, system_actor
from parcours.accounts.writes import remove_person
from parcours.core.clock import clock_at, now
from parcours.live.models import Update
from parcours.notices import reads
from parcours.notices.models import Mail, MailChoice, Notice
from parcours.notices.retention import NOTICES, forget_old
from parcours.notices.writes import mark_all_read, mark_read, mark_seen, notify
from tests.notices.conftest import Tell, acts


def sentences(brand: Brand, person: Person) -> list[str]:
    page = reads.notices(brand, acts(person, brand))
    return [notice.sentence for day in page.days for notice in day.notices]


def test_a_person_reads_who_did_what_and_is_led_there(
    tell: Tell, agnes: Person, brand: Brand, as_agnes: Client
) -> None:
    assert tell(agnes, url="/map/#card-1") == 1
    page = as_agnes.get("/notices/").content.decode()
    assert "Alice rang for the cart" in page
    found = Notice.objects.get()
    assert as_agnes.get(f"/notices/{found.pk}/").headers["Location"] == "/map/#card-1"
    assert reads.unread_count(acts(agnes, brand)) == 0


def test_whoever_acts_and_whoever_is_not_of_the_brand_is_not_told(
    tell: Tell, alice: Person, agnes: Person, charlie: Person
) -> None:
    assert tell(alice, agnes, charlie, agnes) == 1
    assert [notice.person_id for notice in Notice.objects.all()] == [agnes.pk]


def test_a_notice_leads_nowhere_else(tell: Tell, agnes: Person) -> None:
    for address in ("https://elsewhere.example/", "//elsewhere.example/", "map"):
        with pytest.raises(ValueError, match="not a path"):
            tell(agnes, url=address)


def test_a_kind_that_nobody_knows_is_a_mistake(tell: Tell, agnes: Person) -> None:
    with pytest.raises(LookupError):
        tell(agnes, kind="nothing")


def test_the_bell_of_an_open_page_hears_the_count(tell: Tell, agnes: Person, brand: Brand) -> None:
    tell(agnes)
    tell(agnes)
    mark_all_read(acting_user=acts(agnes, brand))
    heard = Update.objects.filter(topic=f"person:{agnes.pk}", name="notices.changed").order_by("pk")
    assert [update.payload["unread"] for update in heard] == [1, 2, 0]


def test_only_the_person_may_follow_their_bell(as_agnes: Client, agnes: Person, alice: Person) -> None:
    assert as_agnes.get(f"/live?topic=person:{alice.pk}").status_code == 404
    answer = as_agnes.get(f"/live?topic=person:{agnes.pk}")
    assert answer.status_code == 200
    answer.close()


def test_one_is_marked_read_and_unread_again_by_its_own_reader_only(
    tell: Tell, agnes: Person, brand: Brand, as_agnes: Client, as_bob: Client
) -> None:
    tell(agnes)
    address = f"/notices/{Notice.objects.get().pk}/read/"
    assert as_bob.post(address).status_code == 404
    as_agnes.post(address)
    assert reads.unread_count(acts(agnes, brand)) == 0
    as_agnes.post(address, {"unread": "1"})
    assert reads.unread_count(acts(agnes, brand)) == 1


def test_all_of_a_kind_are_marked_read_and_the_page_keeps_its_filter(
    tell: Tell, agnes: Person, brand: Brand, as_agnes: Client
) -> None:
    tell(agnes)
    tell(agnes, kind="letter")
    answer = as_agnes.post("/notices/read/", {"kind": "letter", "show": "unread"})
    assert answer.headers["Location"] == "/notices/?kind=letter&show=unread"
    assert [notice.kind for notice in Notice.objects.filter(read_at=None)] == ["bell"]
    assert "Letters" not in as_agnes.get("/notices/?show=unread&kind=bell").content.decode().split("<h2>")[1]


def test_looking_at_what_a_notice_is_about_reads_it(tell: Tell, agnes: Person, brand: Brand) -> None:
    tell(agnes, url="/map/7/#card-1")
    tell(agnes, url="/map/8/")
    assert mark_seen("/map/7/", acting_user=acts(agnes, brand)) == 1
    assert reads.unread_count(acts(agnes, brand)) == 1


def test_notices_stand_by_day_and_go_on_page_by_page(tell: Tell, agnes: Person, brand: Brand) -> None:
    for ago in range(3):
        with clock_at(now() - timedelta(days=3 - ago)):
            tell(agnes, facts={"title": str(ago)})
    first = reads.notices(brand, acts(agnes, brand), limit=2)
    assert [len(day.notices) for day in first.days] == [1, 1]
    rest = reads.notices(brand, acts(agnes, brand), limit=2, before=first.older)
    assert [notice.sentence for day in rest.days for notice in day.notices] == ["Alice rang for 0"]
    assert rest.older is None


def test_who_leaves_the_brand_leaves_no_notices_behind(
    tell: Tell, alice: Person, agnes: Person, bob: Person, brand: Brand
) -> None:
    tell(agnes)
    told = notify(
        brand.pk, [bob.pk], kind="bell", facts={"title": "x"}, url="/map/", acting_user=acts(agnes, brand)
    )
    assert told == 1
    remove_person(Membership.objects.get(person=agnes), acting_user=system_actor(brand.pk))
    assert not Notice.objects.filter(person=agnes).exists()
    assert not Mail.objects.filter(person=agnes).exists()
    assert Notice.objects.get(person=bob).actor_label == ""


def test_old_notices_go_when_the_brand_says_so_and_after_a_year_anyway(
    tell: Tell, agnes: Person, brand: Brand
) -> None:
    with clock_at(now() - timedelta(days=200)):
        tell(agnes)
    with clock_at(now() - timedelta(days=500)):
        tell(agnes)
    tell(agnes)
    assert NOTICES.count(brand.pk, now() - timedelta(days=180)) == 2
    assert forget_old() == 1
    assert NOTICES.remove(brand.pk, now() - timedelta(days=180)) == 1
    assert Notice.objects.count() == 1


def test_a_program_has_no_notices(brand: Brand, system: Actor) -> None:
    assert reads.unread_count(system) == 0
    assert reads.notices(brand, system).days == ()


def test_notices_are_for_the_brand_one_works_in(
    tell: Tell, agnes: Person, brand: Brand, other_brand: Brand
) -> None:
    tell(agnes)
    assert sentences(brand, agnes) == ["Alice rang for the cart"]
    assert sentences(other_brand, agnes) == []
    with pytest.raises(Exception, match="no such notice"):
        mark_read(Notice.objects.get().pk, acting_user=acts(agnes, other_brand))


def test_choices_of_mails_stand_in_the_profile(as_agnes: Client, agnes: Person) -> None:
    assert 'name="bell"' in as_agnes.get("/me/").content.decode()
    as_agnes.post("/me/mails/", {"bell": "daily", "letter": "never"})
    assert dict(MailChoice.objects.filter(person=agnes).values_list("kind", "choice")).items() >= {
        ("bell", "daily"),
        ("letter", "never"),
    }
    assert as_agnes.post("/me/mails/", {"bell": "sometimes"}).status_code == 422
