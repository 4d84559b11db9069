"""Groups of customers who fare otherwise, as things to propose."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from parcours.canvas.enums import LaneKind
from parcours.canvas.evidence.enums import EvidenceKind
from parcours.canvas.shapes import Board
from parcours.insights.found import NOTES, Found, counted, short
from parcours.insights.proposal_kinds import AGAIN, ENDING, EPISODE, GROUP

if TYPE_CHECKING:
    from parcours.events.lake import LakeIndex
    from parcours.insights.drift.compared import Compared
    from parcours.insights.drift.marked import Marked


def groups_in_the_log(index: "LakeIndex", log: "Marked", board: Board) -> Iterator[Found]:
    from parcours.measures.logs import telling_keys

    fields = ["channel", *(f"properties.{key}" for key in telling_keys(index))]
    yield from _apart(index, log, board, fields)
    yield from _episodes(index, log, board, fields)
    yield from _again(index, log, board, fields)
    yield from _endings(index, log, board, fields)


def _apart(index: "LakeIndex", log: "Marked", board: Board, fields: Sequence[str]) -> Iterator[Found]:
    from parcours.insights.drift.groups import TIME_TO_GO_ON, apart

    for each in apart(log, fields, index.column):
        proof = counted(_rule(each), days=each.days + TIME_TO_GO_ON)
        yield _found(GROUP, each, board, proof)


def _episodes(index: "LakeIndex", log: "Marked", board: Board, fields: Sequence[str]) -> Iterator[Found]:
    from parcours.insights.drift.episodes import episodes

    for each in episodes(log, fields, index.column):
        begin = _day(each.begin)
        days = {"from": begin.isoformat(), "to": (begin + timedelta(days=each.days)).isoformat()}
        proof = {"kind": EvidenceKind.QUERY, "rule": _rule(each), "period": days}
        yield _found(EPISODE, each, board, proof, days["from"], **days)


def _again(index: "LakeIndex", log: "Marked", board: Board, fields: Sequence[str]) -> Iterator[Found]:
    from parcours.insights.drift.again import again

    for each in again(log, fields, index.column):
        yield _found(AGAIN, each, board, counted(_rule(each), days=each.days))


def _endings(index: "LakeIndex", log: "Marked", board: Board, fields: Sequence[str]) -> Iterator[Found]:
    from parcours.insights.drift.endings import AFTER, endings

    for each in endings(log, fields, index.column):
        proof = counted(_rule(each), days=each.days + AFTER)
        yield _found(ENDING, each, board, proof, each.outcome, each.why)


def _rule(each: "Compared") -> dict[str, Any]:
    conditions = [("name", each.name), (each.field, each.value)]
    return {"all": [{"field": field, "op": "is", "value": [value]} for field, value in conditions]}


def _found(
    kind: str, each: "Compared", board: Board, proof: dict[str, Any], *key: str, **facts: Any
) -> Found:
    stage = board.stages[each.stage]
    change = {"do": "add_card", "kind": _lanes(each), "evidence": [proof]}
    whole = "|".join([str(stage.id), each.field, each.value, *key])
    return Found(
        kind, short(whole), {**asdict(each), "stage": stage.name, **facts}, change, {"stage_id": stage.id}
    )


def _lanes(each: "Compared") -> list[LaneKind]:
    """What keeps orders from coming back is no pain."""
    from parcours.insights.drift.endings import Ending

    good = isinstance(each, Ending) and each.difference < 0
    return [LaneKind.FREE, LaneKind.ACTION, LaneKind.MOMENT] if good else NOTES


def _day(moment: int) -> date:
    return datetime.fromtimestamp(moment / 1_000_000, UTC).date()
