"""Listen: what arrived, who it was, and how files come in."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.customers.models import Segment
from parcours.customers.writes import resolve_identities
from parcours.events.imports import import_events
from parcours.events.models import Import, Source
from parcours.events.reads import count_events
from parcours.events.uploads import import_upload, path_of

FILE = (
    "customer_id,time,event,channel,country\n"
    "7,2026-01-01T10:00:00Z,Cart Viewed,web,FR\n"
    "7,2026-01-01T09:00:00Z,Page Viewed,web,FR\n"
    "8,2026-01-02T09:00:00Z,Wanted Something,app,BE\n"
    ",2026-01-02T09:00:00Z,Page Viewed,app,BE\n"
)
Bring = Callable[[str], None]


@pytest.fixture
def bring(brand: Brand, system: Actor, tmp_path: Path) -> Bring:
    def run(text: str) -> None:
        path = tmp_path / "events.csv"
        path.write_text(text)
        import_events(brand, path, acting_user=system)

    return run


def upload(client: Client, text: str | bytes, name: str = "shop.csv") -> Any:
    content = text.encode() if isinstance(text, str) else text
    return client.post("/listen/imports/", {"file": SimpleUploadedFile(name, content)})


def page_of(client: Client, path: str, **query: str) -> str:
    answer = client.get(path, query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_before_the_first_event_the_page_says_what_to_do(as_bob: Client, as_alice: Client) -> None:
    assert "No events yet" in page_of(as_bob, "/listen/")
    assert "/listen/imports/" not in page_of(as_bob, "/listen/")
    assert "/listen/imports/" in page_of(as_alice, "/listen/")


def test_names_are_listed_with_their_counts(as_bob: Client, bring: Bring) -> None:
    bring(FILE)

    page = page_of(as_bob, "/listen/")

    for words in ("Cart viewed", "Cart Viewed", "Wanted Something", "events.csv", "polyline"):
        assert words in page


def test_a_file_comes_in_after_somebody_saw_what_its_columns_mean(as_alice: Client, brand: Brand) -> None:
    sent = upload(as_alice, FILE)
    row = Import.objects.get()
    assert sent.headers["Location"] == f"/listen/imports/{row.pk}/columns/"

    page = page_of(as_alice, sent.headers["Location"])
    assert "as guessed: customer_id" in page
    assert "1 row would be rejected" in page
    assert "There is no customer." in page
    assert count_events(brand) == 0

    begun = as_alice.post(sent.headers["Location"], {"do": "begin", "source": "shop"})
    assert begun.headers["Location"] == f"/listen/imports/{row.pk}/"
    assert "Waiting for its turn" in page_of(as_alice, begun.headers["Location"])

    import_upload(row.pk)

    row.refresh_from_db()
    assert (row.status, row.source, row.counts["stored"], row.acting_label) == ("done", "shop", 3, "Alice")
    assert not path_of(row).exists()
    assert "Get the rejected rows" in page_of(as_alice, f"/listen/imports/{row.pk}/state/")
    rejects = b"".join(as_alice.get(f"/listen/imports/{row.pk}/rejects.csv").streaming_content)  # type: ignore[attr-defined]
    assert b"There is no customer." in rejects


def test_rejected_rows_hold_nothing_a_spreadsheet_would_run(as_alice: Client, brand: Brand) -> None:
    sent = upload(as_alice, "customer,time,activity\n=1+1,?,A\nb,2026-01-01,B\n")
    as_alice.post(sent.headers["Location"], {"do": "begin"})
    row = Import.objects.get()
    import_upload(row.pk)
    answer = as_alice.get(f"/listen/imports/{row.pk}/rejects.csv")
    lines = b"".join(answer.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert lines[1].endswith(""","'=1+1,?,A\"""")


def test_a_file_that_cannot_be_read_is_called_by_its_own_name(as_alice: Client) -> None:
    sent = upload(as_alice, b"\0\0\0")
    page = as_alice.get(sent.headers["Location"]).content.decode()
    assert "is not text" in page
    assert "uploads/" not in page


def test_columns_can_be_chosen_and_tried(as_alice: Client, brand: Brand) -> None:
    address = upload(as_alice, "a;b;c\n7;2026-01-01;X\n").headers["Location"]
    assert "No column looks like the customer" in page_of(as_alice, address)

    refused = as_alice.post(address, {"do": "begin"})
    assert refused.status_code == 422
    tried = as_alice.post(address, {"do": "look", "customer": "a", "time": "b", "activity": "c"})
    assert "All of them can be read." in tried.content.decode()
    as_alice.post(address, {"do": "begin", "customer": "a", "time": "b", "activity": "c"})
    import_upload(Import.objects.get().pk)

    assert count_events(brand) == 1


def test_a_file_is_begun_once(as_alice: Client) -> None:
    address = upload(as_alice, FILE).headers["Location"]
    as_alice.post(address, {"do": "begin"})

    again = as_alice.post(address, {"do": "begin"})

    assert again.status_code == 302
    assert Import.objects.count() == 1


def test_a_file_can_be_forgotten(as_alice: Client) -> None:
    upload(as_alice, FILE)
    row = Import.objects.get()
    as_alice.post(f"/listen/imports/{row.pk}/discard/")

    assert not Import.objects.exists()


@pytest.mark.parametrize("content", [b"", bytes(range(256)) * 20])
def test_a_file_that_cannot_be_read_says_so(as_alice: Client, content: bytes) -> None:
    answer = upload(as_alice, content)
    if answer.status_code == 302:
        answer = as_alice.get(answer.headers["Location"])

    assert answer.status_code in {200, 422}
    assert "nothing was stored" in answer.content.decode()


def test_a_name_cannot_lead_out_of_the_folder(as_alice: Client) -> None:
    upload(as_alice, FILE, name="../../evil.csv")

    row = Import.objects.get()
    assert row.file_name == "evil.csv"
    assert path_of(row).parent.name == str(row.pk)


def test_a_source_shows_its_key_once(as_alice: Client) -> None:
    page = as_alice.post("/listen/sources/", {"name": "shop"}).content.decode()

    assert "pk_" in page
    assert "pk_" not in page_of(as_alice, "/listen/")
    assert as_alice.post("/listen/sources/", {"name": "shop"}).status_code == 422
    as_alice.post(f"/listen/sources/{Source.objects.get().pk}/remove/")
    assert not Source.objects.filter(removed_at=None).exists()


def test_customers_are_found_and_show_everything_that_happened(
    as_bob: Client, brand: Brand, bring: Bring
) -> None:
    bring(FILE)
    (seven,) = resolve_identities(brand, "user_id", ["7"])

    assert "2 customers" in page_of(as_bob, "/listen/customers/")
    assert f"/listen/customers/{seven}/" in page_of(as_bob, "/listen/customers/", q="7")
    assert "Nobody found" in page_of(as_bob, "/listen/customers/", q="unknown")
    page = page_of(as_bob, f"/listen/customers/{seven}/")
    told = page[page.index('class="timeline') :]
    assert told.index("Cart viewed") < told.index("Page viewed")
    assert "11:00:00" in page
    assert "country: FR" in page


def test_long_lists_come_in_pages(as_bob: Client, brand: Brand, bring: Bring) -> None:
    bring("customer,time,event\n" + "".join(f"{n},2026-01-01,X\n" for n in range(60)))
    bring("customer,time,event\n" + "".join(f"1,2026-01-{n % 27 + 1:02d},Y{n}\n" for n in range(150)))
    (one,) = resolve_identities(brand, "user_id", ["1"])

    assert "Further customers" in page_of(as_bob, "/listen/customers/")
    first = page_of(as_bob, f"/listen/customers/{one}/")
    assert "Older events" in first
    before = re.search(r"before=([\d.]+)", first)
    assert before
    then = page_of(as_bob, f"/listen/customers/{one}/", before=before[1])
    assert "Newest events" in then
    assert not set(re.findall(r">(Y\d+)<", first)) & set(re.findall(r">(Y\d+)<", then))


def test_segments_are_made_by_a_rule(as_alice: Client, brand: Brand) -> None:
    rule = {"field": ["country"], "op": ["is"], "value": ["FR, BE"]}
    refused = as_alice.post("/listen/segments/new/", {"name": "", **rule})
    assert refused.status_code == 422
    assert "FR, BE" in refused.content.decode()

    as_alice.post("/listen/segments/new/", {"name": "Near", **rule})
    made = Segment.objects.get()
    assert "Near" in page_of(as_alice, "/listen/segments/")
    assert "FR, BE" in page_of(as_alice, f"/listen/segments/{made.pk}/")
    as_alice.post(f"/listen/segments/{made.pk}/", {"name": "Nearer", **rule})
    assert "Nearer" in page_of(as_alice, "/listen/customers/")
    as_alice.post(f"/listen/segments/{made.pk}/delete/")
    assert not Segment.objects.exists()


@pytest.mark.parametrize("path", ["/listen/", "/listen/customers/", "/listen/segments/"])
def test_more_rows_need_no_more_queries(
    as_bob: Client, bring: Bring, django_assert_max_num_queries: DjangoAssertNumQueries, path: str
) -> None:
    bring("customer,time,event\n" + "".join(f"{n},2026-01-01,X{n}\n" for n in range(40)))
    as_bob.get(path)

    with django_assert_max_num_queries(12):
        as_bob.get(path)


def test_viewers_see_and_do_not_touch(as_bob: Client, as_alice: Client) -> None:
    upload(as_alice, FILE)
    row = Import.objects.get()

    assert upload(as_bob, FILE).status_code == 403
    assert as_bob.post("/listen/sources/", {"name": "x"}).status_code == 403
    assert as_bob.get("/listen/segments/new/").status_code == 403
    assert as_bob.post(f"/listen/imports/{row.pk}/columns/", {"do": "begin"}).status_code == 403
    assert as_bob.get("/listen/segments/").status_code == 200


def test_an_outsider_finds_nothing(as_charlie: Client, as_alice: Client, brand: Brand, bring: Bring) -> None:
    bring(FILE)
    (seven,) = resolve_identities(brand, "user_id", ["7"])
    as_alice.post(
        "/listen/segments/new/", {"name": "Near", "field": ["country"], "op": ["is"], "value": ["FR"]}
    )
    row, segment = Import.objects.get(), Segment.objects.get()

    for path in (
        f"/listen/customers/{seven}/",
        f"/listen/imports/{row.pk}/",
        f"/listen/imports/{row.pk}/state/",
        f"/listen/imports/{row.pk}/columns/",
        f"/listen/imports/{row.pk}/rejects.csv",
        f"/listen/segments/{segment.pk}/",
    ):
        assert as_charlie.get(path).status_code == 404, path
    assert "No events yet" in page_of(as_charlie, "/listen/")
    assert "Nobody found" in page_of(as_charlie, "/listen/customers/")
    assert as_charlie.get(f"/listen/customers/?segment={segment.pk}").status_code == 404
