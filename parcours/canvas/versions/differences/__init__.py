"""What changed between two canvases, in sentences: by the ids of things, never by where they stand."""

from collections import defaultdict

from django.utils.translation import gettext as _

from parcours.canvas.versions.differences import axes, cards, touchpoints
from parcours.canvas.versions.differences.both import Both
from parcours.canvas.versions.shapes import Change, ChangeGroup, Difference
from parcours.canvas.versions.snapshots import Snapshot

JOURNEY = ""


def difference(old: Snapshot, new: Snapshot) -> Difference:
    """From `old` to `new`, grouped by stage: the journey itself first, then the stages from left to right,
    then those that are gone.
    """
    both = Both(old, new)
    by_stage: dict[str, list[Change]] = defaultdict(list)
    for part in (axes.said, touchpoints.said, cards.said):
        for said in part(both):
            by_stage[said.stage].append(said.change)
    return Difference(
        tuple(
            ChangeGroup(both.stage_name(stage) if stage else _("The journey"), stage, tuple(by_stage[stage]))
            for stage in (JOURNEY, *new.stages, *(gone for gone in old.stages if gone not in new.stages))
            if by_stage.get(stage)
        )
    )
