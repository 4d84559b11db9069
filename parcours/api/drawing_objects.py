"""Journeys as wholes, personas and generations as the API says them."""

from typing import Any

from parcours.canvas.beside.comparing import Beside
from parcours.canvas.shapes import JourneyView, PersonaView
from parcours.canvas.templates.catalogue import TemplateView
from parcours.insights.lens import Lens, LensColumn, LensRow
from parcours.insights.personas import Known


def template_object(template: TemplateView) -> dict[str, Any]:
    return {
        "key": template.key,
        "name": template.name,
        "about": template.about,
        "own": template.own,
        "stages": [stage.name for stage in template.plan.stages],
        "rows": [lane.kind for lane in template.plan.lanes],
        "touchpoints": template.touchpoints,
        "examples": template.examples,
    }


def head_object(journey: JourneyView) -> dict[str, Any]:
    return {
        "id": journey.id,
        "title": journey.title,
        "summary": journey.summary,
        "kind": journey.kind,
        "status": journey.status,
        "segment": journey.segment_key,
        "persona": journey.persona.id if journey.persona else None,
        "owner": journey.owner_id,
        "drawn_from": journey.drawn_from_id,
        "updated_at": journey.updated_at,
    }


def beside_object(both: Beside) -> dict[str, Any]:
    return {
        "one": both.one.journey.id,
        "other": both.other.journey.id,
        "counts": dict(both.counts),
        "entries": [
            {
                "stage": section.stage.named.name,
                "row": row.lane.named.name,
                "state": entry.state,
                "changed": entry.changed,
                "one": entry.one.id if entry.one else None,
                "other": entry.other.id if entry.other else None,
                "title": (entry.other or entry.one).title,  # type: ignore[union-attr]
                "title_before": entry.one.title if entry.one and entry.other else None,
            }
            for section in both.sections
            for row in section.rows
            for entry in row.entries
        ],
    }


def persona_object(persona: PersonaView) -> dict[str, Any]:
    return {
        "id": persona.id,
        "name": persona.name,
        "birth_year": persona.birth_year,
        "generation": persona.generation.key if persona.generation else None,
        "sketch": persona.sketch,
        "goals": persona.goals,
        "habits": persona.habits,
        "quote": persona.quote,
        "channels": list(persona.channels),
        "segment": persona.segment_key,
        "photo": persona.photo.url if persona.photo else None,
    }


def known_object(known: Known) -> dict[str, Any]:
    return {
        "segment": known.segment,
        "customers": known.members,
        "active": known.active,
        "too_few": known.too_few,
        "channels": [{"name": name, "share": share} for name, share in known.channels],
        "generations": [{"name": name, "share": share} for name, share in known.generations],
        "buyers": known.buyers,
        "orders": known.orders,
        "again": known.again,
    }


def lens_object(found: Lens) -> dict[str, Any]:
    by_stage = [(stage.name, row) for stage in found.stages for row in stage.rows]
    rows = [*by_stage, *(("", row) for row in found.channels)]
    return {
        "customers": found.customers,
        "tested": found.tested,
        "columns": [
            {"segment": each.key, "name": each.name, "customers": each.customers} for each in found.columns
        ],
        "rows": [
            {
                "stage": row.stage,
                "stage_name": stage,
                "kind": row.kind,
                "name": row.name,
                "share": row.share,
                "cells": _cells(row, found.columns),
            }
            for stage, row in rows
        ],
        "sentences": [each.sentence for each in found.standouts],
    }


def _cells(row: LensRow, columns: tuple[LensColumn, ...]) -> list[dict[str, Any]]:
    return [
        {
            "segment": column.key,
            "customers": cell.hits,
            "of": cell.n,
            "share": cell.share,
            "others": cell.others,
            "difference": cell.difference,
            "low": None if cell.too_few else cell.low,
            "high": None if cell.too_few else cell.high,
            "p_value": None if cell.too_few else cell.p_value,
            "certain": cell.certain,
        }
        for cell, column in zip(row.cells, columns, strict=True)
    ]
