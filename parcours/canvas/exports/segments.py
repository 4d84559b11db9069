"""Segments in files: a generation by its key, a brand's own by its name and rule."""

import uuid
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from parcours.accounts.reads import brand_by_id
from parcours.accounts.rights import Actor
from parcours.canvas.exports import fields
from parcours.canvas.exports.drawn import DrawnSegment, NamedSegment
from parcours.core.errors import BadInput
from parcours.customers.reads import segments
from parcours.customers.segments.generations import GENERATION_BY_KEY
from parcours.customers.segments.keys import id_of_segment, key_of_segment
from parcours.customers.segments.rules import read_segment_rule
from parcours.customers.writes import do_create_segment


class SegmentsWritten:
    """How the segments of a brand are written."""

    def __init__(self, brand_id: uuid.UUID) -> None:
        self._brand_id = brand_id

    def of_id(self, segment_id: uuid.UUID | None) -> str | dict[str, Any]:
        return self.of_key(key_of_segment(segment_id))

    def of_key(self, key: str) -> str | dict[str, Any]:
        """Empty for everybody, and for one that is gone."""
        if not key or key in GENERATION_BY_KEY:
            return key
        return self._own.get(key, "")

    @cached_property
    def _own(self) -> dict[str, dict[str, Any]]:
        found = segments(brand_by_id(self._brand_id))
        return {each.key: {"name": each.name, "rule": each.rule.as_json()} for each in found}


def read_segment(data: Mapping[str, Any], at: str) -> DrawnSegment:
    """The field `segment`. Raises BadInput."""
    said = data.get("segment")
    if said is None or isinstance(said, str):
        return fields.one_of(data, "segment", at, list(GENERATION_BY_KEY))
    here = fields.place(at, "segment")
    named = fields.object_at(said, here)
    try:
        rule = read_segment_rule(named.get("rule"))
    except BadInput as fault:
        raise BadInput(fault.what, where=f"{here}.rule, {fault.where}", remedy=fault.remedy) from fault
    return NamedSegment(fields.text(named, "name", here, required=True), rule.as_json())


class SegmentsFound:
    """The keys that segments of a file have in a brand. One that isn't there is made."""

    def __init__(self, acting_user: Actor) -> None:
        self._acting_user = acting_user
        self._made: dict[tuple[str, str], str] = {}

    def key(self, segment: DrawnSegment) -> str:
        """Raises Forbidden for somebody who may not make one."""
        if isinstance(segment, str):
            return segment
        same = (segment.name.casefold(), repr(segment.rule))
        if same not in self._made:
            self._made[same] = self._there(segment) or self._make(segment)
        return self._made[same]

    def id(self, segment: DrawnSegment) -> uuid.UUID | None:
        return id_of_segment(self.key(segment))

    def _there(self, segment: NamedSegment) -> str:
        name = segment.name.casefold()
        named = [each for each in self._all() if each.name.casefold() == name]
        return next((each.key for each in named if each.rule.as_json() == segment.rule), "")

    def _make(self, segment: NamedSegment) -> str:
        """Under its own name, or with a number behind it where another rule has that name."""
        taken = {each.name.casefold() for each in self._all()}
        name, number = segment.name[:110], 2
        while name.casefold() in taken:
            name, number = f"{segment.name[:110]} ({number})", number + 1
        brand = brand_by_id(self._acting_user.brand_id)
        made = do_create_segment(brand, name, dict(segment.rule), acting_user=self._acting_user)
        return str(made.pk)

    def _all(self) -> Any:
        return segments(brand_by_id(self._acting_user.brand_id))
