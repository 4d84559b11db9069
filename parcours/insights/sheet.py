"""The canvas with its living numbers as a sheet, from which files are written."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import translation
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.canvas.brand_values.reads import fit_of, gaps_by_card
from parcours.canvas.brand_values.shapes import BrandFit, FitMark
from parcours.canvas.emotion import level_of
from parcours.canvas.enums import LaneKind
from parcours.canvas.evidence.lines import proof_line
from parcours.canvas.evidence.reads import evidence_on, proofs
from parcours.canvas.evidence.shapes import EvidenceView, Proof
from parcours.canvas.exports.sheet import (
    Pictures,
    Sheet,
    SheetCard,
    SheetEvidence,
    SheetFact,
    SheetGap,
    SheetRow,
    SheetStage,
    SheetTouchpoint,
    hue_of,
    persona_of,
)
from parcours.canvas.shapes import Board, CardView, StageView
from parcours.canvas.text import as_plain, runs
from parcours.core.clock import now
from parcours.core.formats import count, share, span
from parcours.core.periods import Period
from parcours.customers.reads import segment as named_segment
from parcours.events.channels import channel_label
from parcours.insights.card_facts import Met, facts_of, met_by, met_by_id
from parcours.insights.reads import canvas_numbers
from parcours.insights.shapes import CanvasNumbers, StageNumbers, TouchpointNumbers


def sheet_of(brand: Brand, board: Board, period: Period, segment: str = "") -> Sheet:
    """What the page shows for this period and segment, in the language that is active.

    Raises NotFound for a segment that isn't there.
    """
    numbers = canvas_numbers(brand, board, period, segment)
    journey = board.journey
    pictures = Pictures(brand.pk)
    who = named_segment(brand, segment).name if segment else _("all customers")
    fit = fit_of(journey, board.stages)
    cards = _Cards(
        pictures,
        proofs(brand.pk, journey.id),
        evidence_on(brand, journey.id),
        gaps_by_card(fit, board.cards),
        met_by_id(board, numbers),
    )
    return Sheet(
        title=journey.title,
        summary=journey.summary,
        language=translation.get_language() or "en",
        about=" · ".join((brand.name, journey.kind_label, who, str(period.label))),
        stages=tuple(_stage(stage, numbers, _gaps(fit)) for stage in board.stages),
        rows=tuple(
            SheetRow(
                lane.kind,
                lane.name,
                tuple(tuple(cards.card(card) for card in cell.cards) for cell in lane.cells),
            )
            for lane in board.lanes
        ),
        persona=persona_of(board.persona, pictures),
        touchpoints=_("Touchpoints"),
        footer=_("Drawn with Parcours, {day}").format(day=date_format(now(), "DATE_FORMAT")),
        gaps=tuple(
            SheetGap(
                each.stage.name,
                each.touchpoint.name,
                each.value.name,
                each.wanted_words,
                each.felt_words,
                each.gap or 0.0,
                each.raters,
            )
            for each in fit.gaps
        ),
    )


@dataclass(frozen=True, slots=True)
class _Cards:
    """Says what stands on each card, as the page does."""

    pictures: Pictures
    proofs: Mapping[uuid.UUID, Proof]
    evidence: Mapping[uuid.UUID, tuple[EvidenceView, ...]]
    gaps: Mapping[uuid.UUID, FitMark]
    met: Mapping[str, Met]

    def card(self, card: CardView) -> SheetCard:
        facts = tuple(
            SheetFact(each.name, each.label, each.value) for each in facts_of(card, met_by(card, self.met))
        )
        alt = card.picture.alt if card.picture else ""
        return SheetCard(
            title=card.title or alt or (facts[0].value if facts else _("Untitled card")),
            text=as_plain(card.text),
            lines=runs(card.text),
            picture=self.pictures.of(card.picture),
            facts=facts,
            marks=self._marks(card),
            evidence=tuple(_piece(each) for each in self.evidence.get(card.id, ())),
            leads_to=card.leads_to_title,
            level=level_of(card) if card.kind == LaneKind.EMOTION else None,
        )

    def _marks(self, card: CardView) -> tuple[str, ...]:
        proof = self.proofs.get(card.id)
        marks = [proof_line(proof) if proof else _("No evidence yet")]
        if gap := self.gaps.get(card.id):
            words = _("gap {gap}: {touchpoint}")
            marks.append(words.format(gap=_tidy(gap.gap), touchpoint=gap.touchpoint))
        return tuple(marks)


def _piece(each: EvidenceView) -> SheetEvidence:
    counted = each.count
    customers = counted.customers if counted and not counted.problem else None
    found = "" if customers is None else _("{n} customers").format(n=count(customers))
    said = [f"“{sample.text}”" for sample in (counted.samples if counted else ())[:3]]
    words = as_plain(each.text) if each.is_note else " · ".join(filter(None, (found, each.period_label)))
    return SheetEvidence(
        side=each.side_label,
        source=each.source_label,
        name=each.name,
        text="\n".join(filter(None, (words if words != each.name else "", *said))),
        customers=customers,
        standing=each.standing_label,
        address=each.address if each.is_note else "",
    )


def _gaps(fit: BrandFit) -> dict[uuid.UUID, str]:
    """The largest of each touchpoint, in words."""
    found: dict[uuid.UUID, str] = {}
    for each in fit.gaps:
        words = _("{value}: gap {gap}").format(value=each.value.name, gap=_tidy(each.gap or 0.0))
        found.setdefault(each.touchpoint.id, words)
    return found


def _tidy(gap: float) -> str:
    """1,5 or 2: as the page writes it."""
    return str(number_format(int(gap) if gap == int(gap) else gap))


def _stage(stage: StageView, numbers: CanvasNumbers | None, gaps: Mapping[uuid.UUID, str]) -> SheetStage:
    counted = numbers.stage_by_id.get(stage.id) if numbers else None
    by_touchpoint = numbers.touchpoint_by_id if numbers else {}
    return SheetStage(
        name=stage.name,
        description=stage.description,
        hue=hue_of(stage.number - 1),
        touchpoints=tuple(
            _touchpoint(each.name, each.channel, by_touchpoint.get(each.id), gaps.get(each.id, ""))
            for each in stage.touchpoints
        ),
        numbers=_lines(counted) if counted else (),
        customers=counted.customers if counted else 0,
        share=counted.share if counted and not counted.too_few else None,
        events=counted.events if counted else 0,
        went_on=counted.went_on if counted else 0,
        median_seconds=counted.median_seconds if counted else None,
    )


def _touchpoint(name: str, channel: str, counted: TouchpointNumbers | None, gap: str) -> SheetTouchpoint:
    label = channel_label(channel)
    if counted is None:
        return SheetTouchpoint(name, label, gap=gap)
    return SheetTouchpoint(
        name, label, count(counted.customers), counted.share, gap, counted.customers, counted.events
    )


def _lines(counted: StageNumbers) -> tuple[str, ...]:
    if not counted.customers:
        return (_("Nobody in this period"),)
    lines = [_("{n} customers").format(n=count(counted.customers))]
    if counted.too_few:
        return (*lines, _("too few for a share"))
    if counted.share is not None:
        lines.append(_("{share} go on").format(share=share(counted.share)))
    if counted.median_seconds is not None:
        lines.append(_("median {time}").format(time=span(counted.median_seconds)))
    if counted.share is None and counted.returned_share:
        lines.append(_("{share} come back").format(share=share(counted.returned_share)))
    if counted.leaves_flag:
        lines.append(_("the largest loss of this journey"))
    return tuple(lines)
