"""Agents: what each of them can take. Skills: what not everybody can do."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parcours.core.errors import ParcoursError
from parcours.inbox import channels, reads
from parcours.inbox.routing import reads as routing
from parcours.inbox.routing.agents import ProfileForm, delete_skill, save_profile, save_skill
from parcours.inbox.routing.fitting import CAPACITY, MOST
from parcours.inbox.routing.shapes import ProfileView
from parcours.web.doors import Request, door
from parcours.web.inbox.routing import id_of, number_of


@door("inbox.manage")
@require_GET
def agents(request: Request) -> HttpResponseBase:
    """Everybody who may answer, with what they can take and have, and the brand's skills."""
    return _page(request)


@door("inbox.manage")
@require_http_methods(["GET", "POST"])
def agent(request: Request, person_id: uuid.UUID) -> HttpResponseBase:
    """What one of them can take."""
    found = routing.profile(request.brand.pk, person_id)
    problem: ParcoursError | None = None
    if request.method == "POST":
        try:
            save_profile(
                request.brand,
                person_id,
                _form(request.POST),
                revision=number_of(request.POST, "revision"),
                acting_user=request.actor,
            )
        except ParcoursError as fault:
            problem = fault
        else:
            messages.success(request, _("What {name} can take is saved.").format(name=found.label))
            return redirect("inbox_agents")
    sent = request.POST
    context: dict[str, Any] = {
        "here": "agents",
        "agent": found,
        "capacity": sent.get("capacity", "") if problem else found.capacity,
        "languages": sent.get("languages", "") if problem else ", ".join(found.languages),
        "skills": [
            (each, str(each.id) in sent.getlist("skills") if problem else each.id in found.skills)
            for each in routing.skills(request.brand.pk)
        ],
        "kinds": [
            (
                kind,
                label,
                kind in (sent.getlist("kinds") if problem else found.kinds),
                sent.get(f"most-{kind}", "") if problem else found.most.get(kind, ""),
            )
            for kind, label in _kinds(request)
        ],
        "problem": problem,
    }
    return render(request, "inbox/agent.html", context, status=problem.status if problem else 200)


@door("inbox.manage")
@require_POST
def add_skill(request: Request) -> HttpResponseBase:
    try:
        saved = save_skill(request.brand, request.POST.get("skill", ""), acting_user=request.actor)
    except ParcoursError as fault:
        return _page(request, fault)
    messages.success(request, _("“{name}” is a skill now: say who has it.").format(name=saved.name))
    return redirect("inbox_agents")


@door("inbox.manage")
@require_POST
def remove_skill(request: Request, skill_id: uuid.UUID) -> HttpResponseBase:
    """Nobody has it any more."""
    delete_skill(skill_id, acting_user=request.actor)
    messages.success(request, _("The skill was deleted."))
    return redirect("inbox_agents")


def _page(request: Request, problem: ParcoursError | None = None) -> HttpResponseBase:
    known = {each.person_id: each for each in routing.profiles(request.brand.pk)}
    queues = {each.id: each.name for each in routing.queues(request.brand.pk)}
    holders: dict[uuid.UUID, int] = {}
    for each in known.values():
        for skill in each.skills:
            holders[skill] = holders.get(skill, 0) + 1
    labels = dict(_kinds(request))
    context: dict[str, Any] = {
        "here": "agents",
        "rows": [
            {
                "now": each,
                "profile": known[each.person_id],
                "queues": [queues[pk] for pk in each.queues if pk in queues],
                "most": [
                    (label, known[each.person_id].most[kind])
                    for kind, label in labels.items()
                    if _is_own_limit(known[each.person_id], kind)
                ],
                "kinds": [labels.get(kind, kind) for kind in known[each.person_id].kinds],
            }
            for each in routing.agents(request.brand.pk)
        ],
        "skills": [(each, holders.get(each.id, 0)) for each in routing.skills(request.brand.pk)],
        "sent": request.POST,
        "problem": problem,
    }
    return render(request, "inbox/agents.html", context, status=problem.status if problem else 200)


def _is_own_limit(profile: ProfileView, kind: str) -> bool:
    """Is it said of this person, and of a channel that they serve?"""
    serves = not profile.kinds or kind in profile.kinds
    return serves and kind in profile.most and profile.most[kind] != MOST.get(kind)


def _kinds(request: Request) -> list[tuple[str, str]]:
    """The channels on which the brand has an account."""
    used = {each.kind: str(each.kind_label) for each in reads.accounts(request.brand.pk)}
    return sorted(used.items(), key=lambda each: each[1])


def _form(sent: QueryDict) -> ProfileForm:
    kinds = [kind for kind in channels.channels() if sent.get(f"most-{kind}", "").strip()]
    given = {kind: number_of(sent, f"most-{kind}") or 0 for kind in kinds}
    capacity = number_of(sent, "capacity")
    return ProfileForm(
        languages=sent.get("languages", "").replace(";", ",").split(","),
        skills=[id_of(each, "skills") for each in sent.getlist("skills")],
        kinds=sent.getlist("kinds"),
        capacity=CAPACITY if capacity is None else capacity,
        most={kind: number for kind, number in given.items() if number != MOST.get(kind)},
    )
