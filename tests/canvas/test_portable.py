"""Nothing that stands on a canvas is lost on its way through a file: told by walking over all its columns."""

import json
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from django.apps import apps
from django.db import models

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor, system_actor
from parcours.canvas import exports, reads, writes
from parcours.canvas.brand_values import writes as values
from parcours.canvas.captures.writes import set_capturing
from parcours.canvas.comments.reads import read_where
from parcours.canvas.comments.writes import resolve_thread, start_thread
from parcours.canvas.evidence.shapes import Given
from parcours.canvas.evidence.writes import add_evidence, confirm_evidence
from parcours.canvas.exports.portable import as_portable
from parcours.canvas.exports.reading import read_drawing
from parcours.canvas.shapes import Board, CardView, JourneyView
from parcours.core.clock import clock_at, now
from parcours.core.errors import BadInput
from parcours.customers.writes import do_create_segment
from tests.canvas.conftest import AddCard, png

Schema = jsonschema_rs.Draft202012Validator
RULE = {"all": [{"field": "name", "op": "is", "value": ["Checkout Started"]}]}
KIND = {"all": [{"field": "country", "op": "is", "value": ["FR"]}]}

OWN = "the row's own, made anew where it is drawn"
BELONGS = "where it belongs: compared by what it belongs to"
THERE = "a moment or person of the installation"
COUNTED = "found out anew by every installation"

LEFT_OUT: dict[str, dict[str, str] | str] = {
    "Journey": {"owner": THERE, "drawn_from": "see the test of copies", "rules_revision": COUNTED},
    "Persona": {},
    "Stage": {},
    "Lane": {},
    "Touchpoint": {},
    "Card": {
        "revision": COUNTED,
        "content_revision": COUNTED,
        "place_revision": COUNTED,
        "edited_by": THERE,
        "drawn_from": "see the test of copies",
        "leads_to": "by title: see the test of copies",
    },
    "Picture": {},
    "Evidence": {"author_id": THERE},
    "EvidenceConfirmation": {"actor_id": THERE},
    "BrandValue": {},
    "Wish": {},
    "Rating": {"actor_id": THERE},
    "Quote": {"customer_id": "words of somebody known don't leave, so that erasing them reaches all of them"},
    "Capturing": {
        "asked_at": COUNTED,
        "checked_at": COUNTED,
        "next_at": COUNTED,
        "failures": COUNTED,
        "trouble": COUNTED,
        "trouble_facts": COUNTED,
        "set_by": THERE,
    },
    "Thread": {"resolved_by": THERE, "updated_at": "when the last comment was said"},
    "Comment": {"author": THERE},
    "CardLease": "runs out by itself",
    "EvidenceCount": COUNTED,
    "CardStanding": COUNTED,
    "EvidenceDays": "a setting of the brand",
    "Proposal": COUNTED,
    "Look": COUNTED,
    "JourneyDraft": COUNTED,
    "Version": "how the canvas stood before; a file says how it stands",
    "Approval": "of a version",
    "Reminder": COUNTED,
    "Review": "what is to be looked at again here",
    "Capture": "pictures that were taken; the one that stands is on the card",
    "Share": "secrets of this installation",
    "JourneyTemplate": "of the brand, of no canvas",
    "Mention": "people of this installation, named in the text",
    "Muted": THERE,
    "WaitingImport": "gone after a day",
    "LibraryEntry": "of the brand, of no canvas",
    "LibraryUse": "of the library",
}
"""What of each model isn't carried, and why. A new column fails the test until it is carried or here."""

EVERYWHERE = {"id": OWN, "brand": BELONGS, "deleted_at": "only what stands is carried"}
STAMPS = {"Journey", "Persona", "Stage", "Lane", "Touchpoint", "Card", "Picture", "BrandValue", "Capturing"}


MODELS = list(apps.get_app_config("canvas").get_models())


@pytest.fixture(scope="module")
def schema() -> Schema:
    path = Path(exports.__file__).with_name("journey.schema.json")
    return Schema(json.loads(path.read_text()), validate_formats=True)


@pytest.fixture
def full(
    journey: JourneyView, add_card: AddCard, see: Callable[[], Board], alice_acts: Actor, brand: Brand
) -> Board:
    """A canvas on which every column says something."""
    act: dict[str, Any] = {"acting_user": alice_acts}
    segment = do_create_segment(brand, "French", KIND, **act)
    photo = writes.add_picture(png(), **act)
    mark = writes.add_persona(
        "Mark",
        birth_year=1978,
        sketch="Runs twice a week.",
        goals="No pain.",
        habits="Reads in the evening.",
        quote="Sans mal de dos ?\nAnd soon.",
        channels=["chat", "email"],
        segment_key=str(segment.pk),
        photo_id=photo.id,
        **act,
    )
    writes.edit_journey(
        journey.id,
        persona_id=mark.id,
        summary="Two lines\nhere",
        kind="to-be",
        status="draft",
        segment_key=str(segment.pk),
        **act,
    )
    apps.get_model("canvas", "Journey").objects.filter(pk=journey.id).update(
        review_every_days=90, review_due=date(2027, 1, 31)
    )
    for kind in ("touchpoint", "emotion"):
        writes.add_lane(journey.id, kind, **act)
    stage = see().stages[2]
    touchpoint = writes.add_touchpoint(
        journey.id, stage_id=stage.id, name="Checkout", channel="web", rule=RULE, **act
    )
    need = add_card("Sans mal de dos ?", text="Vu **312** fois", details={"source": "chat"})
    add_card("Second")
    moment = add_card(
        "", "Decision", "moment", picture_id=photo.id, picture_alt="The cart", picture_caption="In March"
    )
    add_card("At the checkout", "Decision", "touchpoint", details={"touchpoint": str(touchpoint.id)})
    add_card("", "Decision", "emotion", details={"level": 0})
    _evidence(journey, need, str(segment.pk), stage.id, alice_acts)
    set_capturing(
        journey.id,
        moment.id,
        address="/help/",
        device="phone",
        language="fr",
        rhythm="weekly",
        element="#price",
        scroll=40,
        wait_for=".ready",
        dismiss=".cookies",
        ignored=[[0, 80, 100, 20]],
        **act,
    )
    value = values.add_value("Honest", sentence="All of it.", looks_like="A price", not_like="A star", **act)
    at = (journey.id, touchpoint.id, value.id)
    values.want(*at, 4, **act)
    values.rate(*at, 1, **act)
    values.add_quote(*at, "Why 6.90?", source="chat", **act)
    thread = start_thread(journey.id, read_where(f"card:{need.id}"), text="Is that so?", **act)
    resolve_thread(journey.id, thread.id, **act)
    start_thread(journey.id, read_where(f"cell:{stage.id}:{see().lanes[0].id}"), text="Empty yet", **act)
    start_thread(journey.id, read_where(f"touchpoint:{touchpoint.id}"), text="Late", **act)
    start_thread(journey.id, read_where("journey"), text="Good", **act)
    comments = apps.get_model("canvas", "Comment").objects
    comments.update(edited_at=now(), author_label="Alice")
    return see()


def _evidence(
    journey: JourneyView, card: CardView, segment: str, stage_id: uuid.UUID, alice_acts: Actor
) -> None:
    asked = {"place": "paths", "journey": str(journey.id), "stage": str(stage_id), "query": "end=left"}
    for given in (
        Given(
            "query",
            "against",
            "events",
            "Left",
            rule=RULE,
            words="text",
            period={"period": "30d"},
            segment=segment,
        ),
        Given("number", asked=asked, address=f"/map/{journey.id}/paths/{stage_id}/?end=left"),
        Given(
            "note",
            source="interview",
            text="She said so.",
            address="https://x.example/",
            dated=date(2026, 1, 5),
        ),
    ):
        with clock_at(now() - timedelta(days=40)):
            piece = add_evidence(journey.id, card.id, given, acting_user=alice_acts)
        confirm_evidence(journey.id, piece.id, note="Still true", acting_user=alice_acts)


def brought(board: Board, other: Brand) -> Board:
    written = json.loads(json.dumps(as_portable(board.journey.brand_id, board, comments=True)))
    copy = writes.draw_journey(read_drawing(written), acting_user=system_actor(other.pk))
    return reads.board(other.pk, copy.id)


def carried(model: type[models.Model]) -> "list[models.Field[Any, Any]]":
    kept_back = LEFT_OUT[model.__name__]
    assert not isinstance(kept_back, str)
    stamps = {"created_at", "updated_at"} if model.__name__ in STAMPS else set()
    return [
        field for field in model._meta.concrete_fields if field.name not in {*kept_back, *EVERYWHERE, *stamps}
    ]


def rows(model: type[models.Model], brand: Brand) -> list[dict[str, Any]]:
    """The rows of a brand, by what they say: what they point at is compared by its own words."""
    paths = dict.fromkeys(("Journey", "Persona", "Picture", "BrandValue", "Evidence"), "brand")
    paths |= dict.fromkeys(("Wish", "Rating", "Quote"), "value__brand")
    paths |= {"EvidenceConfirmation": "evidence__brand", "Capturing": "card__journey__brand"}
    paths |= {"Comment": "thread__journey__brand"}
    found = model._default_manager.filter(**{paths.get(model.__name__, "journey__brand"): brand})
    ids = _ids(brand)
    said = [{field.name: _said(row, field, ids) for field in carried(model)} for row in found]
    return sorted(said, key=lambda each: json.dumps(each, default=str, sort_keys=True))


def _ids(brand: Brand) -> dict[str, str]:
    """Ids of a brand's rows in the words of what they are."""
    ids = {}
    for name in ("Journey", "Stage", "Touchpoint"):
        path = "brand" if name == "Journey" else "journey__brand"
        for row in apps.get_model("canvas", name).objects.filter(**{path: brand}):
            ids[str(row.pk)] = (
                f"{name} {getattr(row, 'name', '') or row.title} {getattr(row, 'order_key', '')}"
            )
    for row in apps.get_model("customers", "Segment").objects.filter(brand=brand):
        ids[str(row.pk)] = f"Segment {row.name} {row.rule}"
    return ids


def _said(row: models.Model, field: "models.Field[Any, Any]", ids: dict[str, str]) -> Any:
    value = getattr(row, field.attname)
    if field.is_relation and value is not None:
        other = getattr(row, field.name)
        return [
            str(getattr(other, name))
            for name in ("digest", "name", "title", "text", "created_at")
            if hasattr(other, name) and not (name == "created_at" and type(other).__name__ in STAMPS)
        ]
    words = json.dumps(value, default=str)
    for pk, meaning in ids.items():
        words = words.replace(pk, meaning)
    return words


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_column_comes_back(
    model: type[models.Model], full: Board, brand: Brand, other_brand: Brand
) -> None:
    assert model.__name__ in LEFT_OUT, f"Is {model.__name__} carried by files, or why not?"
    if isinstance(LEFT_OUT[model.__name__], str):
        return
    brought(full, other_brand)
    before, after = rows(model, brand), rows(model, other_brand)
    assert before
    assert after == before
    silent = [
        field.name
        for field in carried(model)
        if all(row[field.name] in (None, "null", '""', "[]", "{}") for row in before)
    ]
    assert silent == [], "The canvas of this test says nothing there, so nothing is proved"


def test_every_export_keeps_to_the_schema(full: Board, schema: Schema) -> None:
    for comments in (False, True):
        schema.validate(json.loads(json.dumps(as_portable(full.journey.brand_id, full, comments=comments))))


def test_the_schema_knows_what_cards_know() -> None:
    from parcours.canvas.kinds import FIELDS

    path = Path(exports.__file__).with_name("journey.schema.json")
    known = json.loads(path.read_text())["$defs"]["details"]["properties"]
    assert set(known) == {field.name for fields in FIELDS.values() for field in fields}
    for field in (field for fields in FIELDS.values() for field in fields if field.type == "choice"):
        if field.name != "severity":
            assert known[field.name]["enum"] == [value for value, _label in field.choices]


def test_comments_stay_here_unless_they_are_asked_for(full: Board) -> None:
    assert "comments" not in as_portable(full.journey.brand_id, full)
    said = as_portable(full.journey.brand_id, full, comments=True)["comments"]
    assert [each["about"] for each in said] == [
        {"card": 1},
        {"stage": "Decision", "lane": "Customer needs"},
        {"touchpoint": 1},
        {},
    ]


def test_a_password_in_an_address_stays_here(
    journey: JourneyView, add_card: AddCard, see: Callable[[], Board], alice_acts: Actor
) -> None:
    card = add_card("The cart", "Decision", "moment")
    apps.get_model("canvas", "Capturing").objects.create(
        card_id=card.id, address="https://me:secret@x.example/"
    )
    written = json.dumps(as_portable(journey.brand_id, see()))
    assert "secret" not in written
    assert "https://x.example/" in written


def test_copies_find_what_they_were_drawn_from(full: Board, alice_acts: Actor, add_card: AddCard) -> None:
    writes.edit_journey(full.journey.id, kind="as-is", acting_user=alice_acts)
    target = writes.draw_to_be(full.journey.id, title="Better", acting_user=alice_acts)
    add_card("Opens it", leads_to=target.id)
    board = reads.board(target.brand_id, target.id)
    assert {card.drawn_from_id for card in board.cards} <= {card.id for card in full.cards}
    again = writes.draw_journey(
        read_drawing(as_portable(target.brand_id, board)), title="Again", acting_user=alice_acts
    )
    assert again.drawn_from_id == full.journey.id
    origins = [card.drawn_from_id for card in reads.board(again.brand_id, again.id).cards]
    assert origins == [card.drawn_from_id for card in board.cards]


def test_a_file_of_the_first_version_is_still_read(system: Actor) -> None:
    drawing = read_drawing(
        {
            "format": "parcours-journey",
            "version": 1,
            "title": "Old",
            "segment": "z",
            "lanes": [{"kind": "need"}],
            "cards": [{"stage": 1, "lane": 1, "title": "A", "leads_to": "Elsewhere"}],
        }
    )
    assert writes.draw_journey(drawing, acting_user=system).segment_key == "z"


def test_a_segment_that_is_there_already_is_not_made_twice(
    full: Board, brand: Brand, alice_acts: Actor
) -> None:
    written = as_portable(brand.pk, full)
    copy = writes.draw_journey(read_drawing(written), title="Copy", acting_user=alice_acts)
    assert copy.segment_id == full.journey.segment_id


def with_card(**more: Any) -> dict[str, Any]:
    return {"cards": [{"stage": 1, "lane": "moment", "title": "A", **more}]}


def with_touchpoint(**more: Any) -> dict[str, Any]:
    return {"stages": [{"name": "A", "touchpoints": [{"name": "T", "events": "E", **more}]}]}


BAD_RULE = {"all": [{"field": "shoe", "op": "is", "value": 1}]}
TOUCHPOINT = "stages[0].touchpoints[0]"


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"segment": {"name": "S", "rule": BAD_RULE}}, "segment.rule"),
        ({"review_due": "soon"}, "review_due"),
        (with_card(evidence=[{"kind": "rumour"}]), "cards[0].evidence[0].kind"),
        (with_card(evidence=[{"kind": "note"}]), "cards[0].evidence"),
        (with_card(evidence=[{"kind": "note", "text": "x", "at": "then"}]), "cards[0].evidence[0].at"),
        (with_card(capture={"device": "phone"}), "cards[0].capture.address"),
        (with_card(capture={"address": "x.fr", "ignored": [[1]]}), "cards[0].capture.ignored"),
        (with_touchpoint(values=[{"value": "V", "wanted": 5}]), f"{TOUCHPOINT}.values[0].wanted.level"),
        (with_touchpoint(values=[{"value": "V", "wanted": 4}]), "stages"),
        ({"comments": [{"about": {"card": 1}, "comments": [{"text": "x"}]}]}, "comments[0].about.card"),
        ({"comments": [{"comments": []}]}, "comments[0].comments"),
    ],
)
def test_what_is_wrong_is_named_by_its_place(change: dict[str, Any], where: str, system: Actor) -> None:
    with pytest.raises(BadInput) as refused:
        writes.draw_journey(read_drawing({"title": "T", **change}), acting_user=system)
    assert refused.value.where.startswith(where)
    assert reads.journeys(system.brand_id) == ()


@pytest.mark.parametrize("language", ["", ".fr"])
def test_the_files_in_the_guide_keep_to_the_schema(language: str, schema: Schema, system: Actor) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "guide" / f"files{language}.md").read_text()
    examples = [json.loads(part.partition("```")[0]) for part in guide.split("```json\n")[1:]]
    assert len(examples) == 2
    for example in examples:
        schema.validate(example)
        writes.draw_journey(read_drawing(example), acting_user=system)
