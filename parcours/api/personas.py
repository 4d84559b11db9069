"""Personas, and what is known of the customers whom they stand for."""

import uuid
from typing import Any

from ninja import Router, Status

from parcours.api.doors import ApiRequest, needs
from parcours.api.drawing_objects import known_object, persona_object
from parcours.api.drawing_schemas import KnownOut, PersonaChange, PersonaIn, PersonaOut
from parcours.api.schemas import Problem
from parcours.canvas import reads, writes
from parcours.core.errors import NotFound
from parcours.core.periods import read_period
from parcours.insights.personas import known_about

router = Router(tags=["personas"])

_PERSONA = "/personas/{uuid:persona_id}"
_PROBLEMS: dict[Any, Any] = {401: Problem, 403: Problem, 404: Problem}
_WRITE: dict[Any, Any] = {**_PROBLEMS, 422: Problem}


@router.get("/personas", response={200: list[PersonaOut], **_PROBLEMS})
@needs("canvas.view")
def list_personas(request: ApiRequest) -> list[dict[str, Any]]:
    return [persona_object(each) for each in reads.personas(request.brand.pk)]


@router.post("/personas", response={201: PersonaOut, **_WRITE})
@needs("canvas.edit")
def add_persona(request: ApiRequest, persona: PersonaIn) -> Status[dict[str, Any]]:
    given = persona.dict()
    segment = given.pop("segment")
    made = writes.add_persona(given.pop("name"), segment_key=segment, **given, acting_user=request.actor)
    return Status(201, persona_object(made))


@router.get(_PERSONA, response={200: PersonaOut, **_PROBLEMS})
@needs("canvas.view")
def get_persona(request: ApiRequest, persona_id: uuid.UUID) -> dict[str, Any]:
    return persona_object(reads.persona(request.brand.pk, persona_id))


@router.patch(_PERSONA, response={200: PersonaOut, **_WRITE})
@needs("canvas.edit")
def change_persona(request: ApiRequest, persona_id: uuid.UUID, change: PersonaChange) -> dict[str, Any]:
    given = change.dict()
    segment = given.pop("segment")
    changed = writes.edit_persona(persona_id, segment_key=segment, **given, acting_user=request.actor)
    return persona_object(changed)


@router.delete(_PERSONA, response={204: None, **_PROBLEMS})
@needs("canvas.edit")
def remove_persona(request: ApiRequest, persona_id: uuid.UUID) -> Status[None]:
    """Takes it off the list and off its journeys; it can be restored."""
    writes.remove_persona(persona_id, acting_user=request.actor)
    return Status(204, None)


@router.post(f"{_PERSONA}/restore", response={200: PersonaOut, **_PROBLEMS})
@needs("canvas.edit")
def restore_persona(request: ApiRequest, persona_id: uuid.UUID) -> dict[str, Any]:
    return persona_object(writes.restore_persona(persona_id, acting_user=request.actor))


@router.get(f"{_PERSONA}/known", response={200: KnownOut, **_PROBLEMS})
@needs("canvas.view")
def get_known(request: ApiRequest, persona_id: uuid.UUID) -> dict[str, Any]:
    """What is known of the persona's customers in the last year."""
    persona = reads.persona(request.brand.pk, persona_id)
    if not persona.segment_key:
        raise NotFound("The persona stands for nobody: it has neither a year of birth nor a segment.")
    period = read_period({"period": "365d"}, request.brand.time_zone)
    return known_object(known_about(request.brand, persona.segment_key, period))
