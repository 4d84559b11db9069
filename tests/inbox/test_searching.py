"""Conversations are found by words, names and subjects: all of them, whether that is rare or frequent."""

import pytest

from parcours.accounts.models import Brand
from parcours.inbox import reads
from parcours.inbox.models import ChannelAccount, Conversation
from parcours.inbox.reads import Filter, searching
from tests.inbox.test_receiving import bring

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=["listed", "walked"])
def either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """What is found is the same whether it counts as rare or as frequent."""
    if request.param == "walked":
        monkeypatch.setattr(searching, "RARE", 0)
    return str(request.param)


@pytest.fixture
def talks(loft: ChannelAccount) -> ChannelAccount:
    for number, (name, text) in enumerate(
        [
            ("Hélène Durand", "Où est mon colis ?"),
            ("Paul Durandal", "Le colis est arrivé, merci."),
            ("Zoé Martin", "Is this shoe good for wide feet?"),
        ]
    ):
        bring(loft, {"id": f"first {number}", "from": f"p{number}", "name": name, "text": text})
    bring(loft, {"id": "second", "from": "p0", "name": "Hélène Durand", "text": "Une pointure 42."})
    return loft


def found(brand: Brand, words: str, **more: object) -> list[int]:
    page = reads.conversations(brand.pk, Filter(words=words, **more))  # type: ignore[arg-type]
    return [row.number for row in page.rows]


@pytest.mark.usefixtures("talks", "either_way")
def test_words_of_any_message_find_it(brand: Brand) -> None:
    assert found(brand, "colis") == [2, 1]
    assert found(brand, "pointure") == [1]
    assert found(brand, "colis arrives") == [2]
    assert found(brand, "trampoline") == []


@pytest.mark.usefixtures("talks", "either_way")
def test_people_are_found_by_the_beginning_of_any_of_their_names_without_accents(brand: Brand) -> None:
    assert found(brand, "helene") == [1]
    assert found(brand, "durand") == [2, 1]
    assert found(brand, "Durand Hé") == [1]
    assert found(brand, "urand") == []


@pytest.mark.usefixtures("either_way")
def test_subjects_are_found(brand: Brand, talks: ChannelAccount) -> None:
    Conversation.objects.filter(account=talks, number=3).update(subject="Chaussures échangées")
    assert found(brand, "chaussure echangee") == [3]


@pytest.mark.usefixtures("talks", "either_way")
def test_a_filter_narrows_what_is_found(brand: Brand) -> None:
    Conversation.objects.filter(number=1).update(status="closed")
    assert found(brand, "colis", status="open") == [2]
    assert found(brand, "colis", status="closed") == [1]


@pytest.mark.usefixtures("talks", "either_way")
def test_pages_go_on_until_everything_found_was_shown(brand: Brand) -> None:
    shown, cursor = [], ""
    for _page in range(3):
        page = reads.conversations(brand.pk, Filter(words="durand"), cursor=cursor, limit=1)
        shown += [row.number for row in page.rows]
        cursor = page.next
        if not cursor:
            break
    assert shown == [2, 1]


@pytest.mark.usefixtures("talks", "either_way")
@pytest.mark.parametrize("words", ["''", "???", "& | !", "durand:*", "\\", "%_"])
def test_signs_are_no_words(brand: Brand, words: str) -> None:
    assert found(brand, words) == ([2, 1] if "durand" in words else [])


@pytest.mark.usefixtures("talks")
def test_what_is_found_is_shown_where_it_stands(brand: Brand, talks: ChannelAccount) -> None:
    long = (
        "Bonjour, "
        + "je vous écris encore une fois " * 10
        + "car mes pointures échangées manquent. "
        + "x " * 99
    )
    bring(talks, {"id": "third", "from": "p1", "text": long})
    rows = reads.conversations(brand.pk, Filter(words="pointure")).rows
    shown = reads.hits(brand.pk, [row.id for row in rows], "pointure")
    texts = [shown[row.id].text for row in rows]
    assert texts[1] == "Une pointure 42."
    assert "car mes pointures échangées manquent" in texts[0]
    assert texts[0].startswith("…")
    assert texts[0].endswith("…")
    assert reads.hits(brand.pk, [row.id for row in rows], "helene") == {}
