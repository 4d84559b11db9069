"""The rules that lead conversations into queues: changing them, and trying them."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.errors import BadInput, Conflict, NotFound
from parcours.core.text import one_line, storable
from parcours.inbox.rights import MANAGE
from parcours.inbox.routing.agents import skills_known
from parcours.inbox.routing.conditions import clean_conditions
from parcours.inbox.routing.deciding import quick_segments
from parcours.inbox.routing.models import Queue, RoutingRule
from parcours.inbox.routing.telling import routing_changed

MOST_RULES = 200


@dataclass(frozen=True, slots=True)
class RuleForm:
    name: str
    conditions: Mapping[str, Sequence[str]] = field(default_factory=dict, hash=False)
    queue_id: uuid.UUID | None = None
    skills: Collection[uuid.UUID] = ()
    priority: int | None = None
    language: str = ""
    enabled: bool = True


@transaction.atomic
def save_rule(
    brand: Brand,
    form: RuleForm,
    *,
    rule_id: uuid.UUID | None = None,
    revision: int | None = None,
    acting_user: Actor,
) -> RoutingRule:
    """Raises BadInput, NotFound, and Conflict when somebody changed it after `revision`."""
    acting_user.require(MANAGE)
    row = _locked(brand, rule_id, revision) if rule_id else _new(brand)
    row.name = one_line(storable(form.name))[:80]
    if not row.name:
        raise BadInput(_("This can't be empty."), where="name")
    row.conditions = _checked(brand, form.conditions)
    row.queue = _queue(brand, form.queue_id)
    row.skills = skills_known(brand, form.skills)
    if form.priority not in {None, -1, 0, 1}:
        raise BadInput(_("“{text}” is not one of the choices.").format(text=form.priority), where="priority")
    row.priority = form.priority
    row.language = one_line(storable(form.language)).lower()[:8]
    row.enabled = form.enabled
    if row.queue is None and not row.skills and row.priority is None and not row.language:
        raise BadInput(_("Say what is to happen: a queue, a skill, a priority or a language."), where="queue")
    row.revision += 1 if rule_id else 0
    row.save()
    routing_changed(acting_user, "rule saved", "rule", row.pk, {"name": row.name})
    return row


@transaction.atomic
def delete_rule(rule_id: uuid.UUID, *, acting_user: Actor) -> None:
    """Raises NotFound."""
    acting_user.require(MANAGE)
    row = RoutingRule.objects.filter(brand_id=acting_user.brand_id, pk=rule_id).first()
    if row is None:
        raise NotFound(_("There is no such rule."))
    row.delete()
    routing_changed(acting_user, "rule deleted", "rule", rule_id, {"name": row.name})


@transaction.atomic
def order_rules(rule_ids: Sequence[uuid.UUID], *, acting_user: Actor) -> None:
    """The first one that fits decides. Those that aren't named keep their order behind the others."""
    acting_user.require(MANAGE)
    rows = RoutingRule.objects.select_for_update().filter(brand_id=acting_user.brand_id)
    known = {row.pk: row for row in rows.order_by("order", "created_at")}
    order = [each for each in dict.fromkeys(rule_ids) if each in known]
    order += [each for each in known if each not in order]
    for place, rule_id in enumerate(order):
        known[rule_id].order = place
    RoutingRule.objects.bulk_update(known.values(), ["order"])
    routing_changed(acting_user, "rules ordered", "brand", acting_user.brand_id, {})


def _locked(brand: Brand, rule_id: uuid.UUID, revision: int | None) -> RoutingRule:
    row = RoutingRule.objects.select_for_update().filter(brand=brand, pk=rule_id).first()
    if row is None:
        raise NotFound(_("There is no such rule."))
    if revision is not None and revision != row.revision:
        raise Conflict(_("Somebody changed this rule a moment ago."), remedy=_("Look at it, then try again."))
    return row


def _new(brand: Brand) -> RoutingRule:
    rows = RoutingRule.objects.filter(brand=brand)
    if rows.count() >= MOST_RULES:
        raise BadInput(_("A brand has at most {n} rules.").format(n=MOST_RULES), where="name")
    last = rows.aggregate(last=Max("order"))["last"]
    return RoutingRule(brand=brand, order=0 if last is None else last + 1)


def _checked(brand: Brand, given: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    conditions = clean_conditions(given)
    quick = {each.key for each in quick_segments(brand)} if conditions.get("segments") else set()
    for key in conditions.get("segments", ()):
        if key not in quick:
            raise BadInput(
                _("This segment can't be asked for here: what customers did takes too long to find out."),
                where="segments",
                remedy=_("Use a segment of what is known about customers."),
            )
    return conditions


def _queue(brand: Brand, queue_id: uuid.UUID | None) -> Queue | None:
    if queue_id is None:
        return None
    row = Queue.objects.filter(brand=brand, pk=queue_id, archived_at=None).first()
    if row is None:
        raise NotFound(_("There is no such queue."), where="queue")
    return row
