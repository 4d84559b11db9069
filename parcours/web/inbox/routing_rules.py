"""Rules: which conversations go into which queue, and trying it."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parcours.core.errors import BadInput, ParcoursError
from parcours.core.language import language_of
from parcours.core.text import quoted
from parcours.inbox import reads
from parcours.inbox.routing import reads as routing
from parcours.inbox.routing.conditions import KINDS, Conditions, Facts
from parcours.inbox.routing.deciding import quick_segments
from parcours.inbox.routing.rules import RuleForm, delete_rule, order_rules, save_rule
from parcours.inbox.routing.shapes import RuleView
from parcours.inbox.shapes import AccountView
from parcours.web.doors import Request, door
from parcours.web.inbox.routing import id_of, number_of
from parcours.web.inbox.routing_words import Labels, why_chosen, why_not

CHOSEN = ("channels", "accounts", "segments")
WRITTEN = ("languages", "words", "pages", "topics")
PRIORITIES = ("", "1", "0", "-1")


@dataclass(frozen=True, slots=True)
class Shown:
    """A rule in words: `conditions` as (what, values); `then` what happens."""

    rule: RuleView
    conditions: Sequence[tuple[str, str]]
    then: Sequence[str]


@door("inbox.manage")
@require_http_methods(["GET", "POST"])
def rules(request: Request) -> HttpResponseBase:
    """The rules in their order, a form for another one, and the box to try them (`text`, `account` …)."""
    return _edit(request, None)


@door("inbox.manage")
@require_http_methods(["GET", "POST"])
def rule(request: Request, rule_id: uuid.UUID) -> HttpResponseBase:
    return _edit(request, routing.rule(request.brand.pk, rule_id))


@door("inbox.manage")
@require_POST
def delete(request: Request, rule_id: uuid.UUID) -> HttpResponseBase:
    delete_rule(rule_id, acting_user=request.actor)
    messages.success(request, _("The rule was deleted. Conversations stay where they are."))
    return redirect("inbox_rules")


@door("inbox.manage")
@require_POST
def shift(request: Request, rule_id: uuid.UUID) -> HttpResponseBase:
    """One place up, or (`down`) down."""
    moved = routing.rule(request.brand.pk, rule_id)
    order = [each.id for each in routing.rules(request.brand.pk)]
    place = order.index(moved.id)
    order.remove(moved.id)
    order.insert(max(place + (1 if request.POST.get("down") else -1), 0), moved.id)
    order_rules(order, acting_user=request.actor)
    return redirect("inbox_rules")


def _edit(request: Request, old: RuleView | None) -> HttpResponseBase:
    problem: ParcoursError | None = None
    if request.method == "POST":
        try:
            saved = save_rule(
                request.brand,
                _form(request.POST),
                rule_id=old.id if old else None,
                revision=number_of(request.POST, "revision") if old else None,
                acting_user=request.actor,
            )
        except ParcoursError as fault:
            problem = fault
        else:
            messages.success(request, _("“{name}” is saved.").format(name=saved.name))
            return redirect("inbox_rules")
    queues = routing.queues(request.brand.pk)
    skills = routing.skills(request.brand.pk)
    accounts = reads.accounts(request.brand.pk)
    segments = quick_segments(request.brand)
    labels = Labels(
        accounts={str(each.id): each.name for each in accounts},
        channels={each.kind: str(each.kind_label) for each in accounts},
        segments={each.key: str(each.name) for each in segments},
        queues={each.id: each.name for each in queues},
        skills={each.id: each.name for each in skills},
    )
    context: dict[str, Any] = {
        "here": "rules",
        "rules": [_shown(each, labels) for each in routing.rules(request.brand.pk)],
        "queues": queues,
        "default": next(each for each in queues if each.is_default),
        "skills": skills,
        "accounts": accounts,
        "segments": segments,
        "editing": old,
        "form": _fields(request.POST if problem else None, old, labels, skills),
        "trial": _trial(request, accounts, labels),
        "problem": problem,
    }
    return render(request, "inbox/rules.html", context, status=problem.status if problem else 200)


def _form(sent: QueryDict) -> RuleForm:
    conditions: dict[str, list[str]] = {kind: sent.getlist(f"if-{kind}") for kind in CHOSEN}
    for kind in WRITTEN:
        conditions[kind] = sent.get(f"if-{kind}", "").replace("\r", "").split("\n")
    conditions["languages"] = [each for line in conditions["languages"] for each in line.split(",")]
    conditions["customers"] = [sent.get("if-customers", "")]
    priority = sent.get("priority", "")
    if priority not in PRIORITIES:
        raise BadInput(_("“{text}” is not one of the choices.").format(text=priority), where="priority")
    return RuleForm(
        name=sent.get("name", ""),
        conditions=conditions,
        queue_id=id_of(sent.get("queue", ""), "queue") if sent.get("queue") else None,
        skills=[id_of(each, "skills") for each in sent.getlist("skills")],
        priority=int(priority) if priority else None,
        language=sent.get("language", ""),
        enabled=bool(sent.get("enabled")),
    )


def _fields(
    sent: QueryDict | None, old: RuleView | None, labels: Labels, skills: Sequence[Any]
) -> Mapping[str, Any]:
    """What stands in the form: what was sent, else what is stored."""
    if sent is not None:
        conditions = {kind: sent.getlist(f"if-{kind}") for kind in (*CHOSEN, *WRITTEN, "customers")}
        first = {name: sent.get(name, "") for name in ("name", "queue", "priority", "language")}
        wanted, enabled = set(sent.getlist("skills")), bool(sent.get("enabled"))
    else:
        conditions = {kind: list(values) for kind, values in (old.conditions if old else {}).items()}
        priority = "" if old is None or old.priority is None else str(old.priority)
        first = {
            "name": old.name if old else "",
            "queue": str(old.queue_id or "") if old else "",
            "priority": priority,
            "language": old.language if old else "",
        }
        wanted, enabled = {str(each) for each in (old.skills if old else ())}, old.enabled if old else True

    def choices(kind: str, known: Mapping[str, str]) -> list[tuple[str, str, bool]]:
        return [(key, label, key in conditions.get(kind, ())) for key, label in known.items()]

    return {
        **first,
        "enabled": enabled,
        "skills": [(each, str(each.id) in wanted) for each in skills],
        "channels": choices("channels", labels.channels),
        "accounts": choices("accounts", labels.accounts),
        "segments": choices("segments", labels.segments),
        "customers": next(iter(conditions.get("customers", ())), ""),
        "languages": ", ".join(conditions.get("languages", ())),
        **{kind: "\n".join(conditions.get(kind, ())) for kind in ("words", "pages", "topics")},
    }


def _shown(rule: RuleView, labels: Labels) -> Shown:
    then = []
    if rule.queue_id is not None:
        known = labels.queues.get(rule.queue_id)
        into = _("into the queue {queue}").format(queue=quoted(known))
        then.append(into if known else _("into a queue that was put away"))
    if rule.skills:
        names = ", ".join(labels.skills[pk] for pk in rule.skills if pk in labels.skills)
        then.append(_("to somebody with the skill {names}").format(names=names))
    if rule.priority is not None:
        then.append({1: _("urgent"), 0: _("with the usual priority"), -1: _("it can wait")}[rule.priority])
    if rule.language:
        then.append(_("to be answered in the language {language}").format(language=rule.language))
    return Shown(rule, labels.conditions(rule.conditions), then)


def _trial(request: Request, accounts: Sequence[AccountView], labels: Labels) -> Mapping[str, Any] | None:
    """What would become of a conversation that begins as the box says; None until something is tried."""
    asked = request.GET
    if "try" not in asked or not accounts:
        return None
    account = next((each for each in accounts if str(each.id) == asked.get("account")), accounts[0])
    text = asked.get("text", "")[:5_000]
    language = asked.get("language", "").strip().lower()[:8] or language_of(text) or account.language
    known = asked.get("customer") == "known"
    segments = frozenset(filter(None, [asked.get("segment", "")]))
    facts = Facts(
        kind=account.kind,
        account_id=account.id,
        language=language,
        text=text,
        page=asked.get("page", "")[:500],
        is_known=lambda: known,
        segments=lambda: segments,
    )
    found = routing.try_rules(request.brand, facts)
    decision = found.decision
    return {
        "queue": decision.queue.name,
        "rule": decision.rule.name if decision.rule else "",
        "found": labels.conditions(_found(decision.found)),
        "tried": [(each.name, each.judged.holds, why_not(each.judged.failed)) for each in decision.tried],
        "language": language,
        "agent": found.agent,
        "why": why_chosen(found.why),
        "able": found.able,
        "assigns": routing.settings_of(request.brand.pk).assigns,
    }


def _found(found: Conditions) -> dict[str, list[str]]:
    return {kind: list(values) for kind, values in found.items() if kind in KINDS}
