"""Two canvases side by side, and how their things are called in a sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parcours.canvas.enums import LaneKind
from parcours.canvas.versions.shapes import Change
from parcours.canvas.versions.snapshots import Card, Snapshot
from parcours.core.text import one_line, quoted

CARD_NAMES: Mapping[str, Promise] = {
    LaneKind.NEED: gettext_lazy("the need {title}"),
    LaneKind.MOMENT: gettext_lazy("the key moment {title}"),
    LaneKind.ACTION: gettext_lazy("the action {title}"),
    LaneKind.TOUCHPOINT: gettext_lazy("the touchpoint card {title}"),
    LaneKind.CHANNEL: gettext_lazy("the channel {title}"),
    LaneKind.EMOTION: gettext_lazy("the emotion {title}"),
    LaneKind.QUESTION: gettext_lazy("the question {title}"),
    LaneKind.MOTIVATION: gettext_lazy("the motivation {title}"),
    LaneKind.PAIN: gettext_lazy("the pain point {title}"),
    LaneKind.KPI: gettext_lazy("the KPI {title}"),
    LaneKind.BRAND_FIT: gettext_lazy("the brand fit {title}"),
    LaneKind.EMPLOYEE: gettext_lazy("the employee card {title}"),
    LaneKind.FREE: gettext_lazy("the note {title}"),
}
_MARKS = '“”«»"„ \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}'
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Said:
    """A change and the stage it belongs to; the stage is empty for the journey itself."""

    stage: str
    change: Change


@dataclass(frozen=True, slots=True)
class Both:
    old: Snapshot
    new: Snapshot

    def stage_name(self, stage: str) -> str:
        """As it is called now, or was."""
        return (self.new.stages.get(stage) or self.old.stages[stage]).name

    def lane_name(self, lane: str) -> str:
        return (self.new.lanes.get(lane) or self.old.lanes[lane]).name

    def kind(self, card: Card) -> str:
        return (self.new.lanes.get(card.lane) or self.old.lanes[card.lane]).kind


def sentence(text: str) -> str:
    """With a capital letter at its beginning."""
    return text[:1].upper() + text[1:]


def card_name(card: Card, kind: str) -> str:
    """“the need “Why 6.90 €?””, in the middle of a sentence."""
    return str(CARD_NAMES[kind]).format(title=card_title(card))


def card_title(card: Card) -> str:
    """A card's title in quotation marks, once; without one what else tells it apart."""
    words = card.title.strip() or card.alt or one_line(card.text)
    return titled(words) if words else _("without a title")


def titled(words: str) -> str:
    """In quotation marks once, without the full stop that the sentence around it has."""
    bare = words.strip(_MARKS).removesuffix(".") or words
    return quoted(bare if len(bare) <= _LONGEST else bare[:_LONGEST].rstrip() + "…")


def listed(names: Sequence[str]) -> str:
    """“A, B and C” in the reader's language."""
    if len(names) < 2:
        return "".join(names)
    return _("{first} and {last}").format(first=", ".join(names[:-1]), last=names[-1])


def out_of_order(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """Which of the things in both lists must move, at least, to come from one order to the other."""
    common = set(before) & set(after)
    places = {thing: place for place, thing in enumerate(each for each in before if each in common)}
    order = [thing for thing in after if thing in common]
    keep: list[list[str]] = []  # keep[i]: the longest rising chain that ends with order[i]
    for place, thing in enumerate(order):
        chains = [keep[left] for left in range(place) if places[order[left]] < places[thing]]
        keep.append([*(max(chains, key=len) if chains else []), thing])
    staying: list[str] = max(keep, key=len, default=[])
    return [thing for thing in order if thing not in staying]
