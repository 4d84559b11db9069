"""The templates there are: the field's own, those of a kind of business, an empty one, and the brand's."""

import uuid
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from parcours.canvas.enums import LaneKind
from parcours.canvas.templates.contact_centre import CONTACT_CENTRE
from parcours.canvas.templates.field import LANES, STAGES, blank_stage_name
from parcours.canvas.templates.models import JourneyTemplate
from parcours.canvas.templates.plans import Plan, PlannedLane, PlannedStage, plan_from_json
from parcours.canvas.templates.shop import SHOP
from parcours.canvas.templates.staff import STAFF
from parcours.canvas.templates.subscription import SUBSCRIPTION
from parcours.core.errors import NotFound

FIELD, BLANK = "field", "blank"
BUILT_IN = {each.key: each for each in (SHOP, CONTACT_CENTRE, SUBSCRIPTION, STAFF)}
BLANK_STAGES = 3


@dataclass(frozen=True, slots=True)
class TemplateView:
    """`key` names it to `create_journey`: a word, or the id of one that the brand saved."""

    key: str
    name: str
    about: str
    plan: Plan
    own: bool = False

    @property
    def examples(self) -> int:
        return len(self.plan.cards)

    @property
    def touchpoints(self) -> int:
        return sum(len(stage.touchpoints) for stage in self.plan.stages)


def templates(brand_id: uuid.UUID, language: str) -> tuple[TemplateView, ...]:
    """Those that come with Parcours, with their content in `language`; then the brand's, the newest first."""
    own = JourneyTemplate.objects.filter(brand_id=brand_id, deleted_at=None).order_by("-created_at")
    return (*(built_in(key, language) for key in (FIELD, *BUILT_IN, BLANK)), *map(template_view, own))


def template(brand_id: uuid.UUID, key: str, language: str) -> TemplateView:
    """Raises NotFound."""
    if key in {FIELD, BLANK, *BUILT_IN}:
        return built_in(key, language)
    try:
        row = JourneyTemplate.objects.get(brand_id=brand_id, pk=uuid.UUID(key), deleted_at=None)
    except (ValueError, JourneyTemplate.DoesNotExist) as error:
        raise NotFound(_("There is no such template."), where="template") from error
    return template_view(row)


def built_in(key: str, language: str) -> TemplateView:
    """The content is in `language`, its name and description in the reader's."""
    reader = translation.get_language() or "en"
    if key in BUILT_IN:
        said = BUILT_IN[key]
        return TemplateView(
            key, said.name.in_language(reader), said.about.in_language(reader), said.plan(language)
        )
    if key == BLANK:
        about = _("Three stages without a name and one row of notes: everything is yours to draw.")
        return TemplateView(key, _("Blank"), about, _blank(language))
    about = _("The five stages of the field with rows for needs, key moments and actions, nothing else.")
    return TemplateView(key, _("The five stages"), about, _field(language))


def template_view(row: JourneyTemplate) -> TemplateView:
    return TemplateView(str(row.pk), row.name, row.about, plan_from_json(row.plan), own=True)


def _field(language: str) -> Plan:
    with translation.override(language):
        return Plan(
            title=_("New journey"),
            stages=tuple(PlannedStage(str(each.name), str(each.description), each.key) for each in STAGES),
            lanes=tuple(PlannedLane(kind) for kind in LANES),
        )


def _blank(language: str) -> Plan:
    with translation.override(language):
        return Plan(
            title=_("New journey"),
            stages=tuple(PlannedStage(blank_stage_name(number + 1)) for number in range(BLANK_STAGES)),
            lanes=(PlannedLane(LaneKind.FREE),),
        )
