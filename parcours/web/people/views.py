import uuid
from typing import cast

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parcours.accounts.models import Person
from parcours.accounts.reads import membership_in, memberships_of, people_of, token_in, tokens_of
from parcours.accounts.writes import (
    add_person,
    change_role,
    issue_token,
    remove_person,
    revoke_token,
    set_language,
    set_name,
)
from parcours.notices.enums import MailWhen
from parcours.notices.reads import mail_choices
from parcours.web.doors import BRAND_IN_SESSION, Request, door
from parcours.web.language import LANGUAGE_IN_SESSION
from parcours.web.people.forms import PersonForm, ProfileForm, RoleForm, TokenForm


@door("account.own")
@require_http_methods(["GET", "POST"])
def me(request: Request) -> HttpResponseBase:
    """Name, language, and the ways to sign in."""
    person = cast(Person, request.user)
    form = ProfileForm(
        request.POST or None, initial={"name": person.name, "language": translation.get_language()}
    )
    if request.method == "POST" and form.is_valid():
        set_name(person, form.cleaned_data["name"])
        set_language(person, form.cleaned_data["language"])
        request.session[LANGUAGE_IN_SESSION] = person.language
        translation.activate(person.language)
        messages.success(request, _("Saved."))
        return redirect("me")
    context = {
        "form": form,
        "memberships": memberships_of(person),
        "mail_choices": mail_choices(request.brand.pk, person.pk),
        "mail_times": MailWhen.choices,
    }
    return render(request, "people/me.html", context)


@door("account.own")
@require_POST
def switch_brand(request: Request, brand_id: uuid.UUID) -> HttpResponseBase:
    membership = membership_in(brand_id, person_id=request.user.pk)
    request.session[BRAND_IN_SESSION] = str(membership.brand_id)
    return redirect("/")


@door("people.manage")
@require_http_methods(["GET", "POST"])
def people(request: Request) -> HttpResponseBase:
    """Who is in the brand, with which role; the tokens of programs."""
    form = PersonForm(request.POST or None)
    password = ""
    if request.method == "POST" and form.is_valid():
        password = add_person(
            form.cleaned_data["email"],
            brand=request.brand,
            role=form.cleaned_data["role"],
            name=form.cleaned_data["name"],
            acting_user=request.actor,
        )
    return _people_page(request, form=form, new_password=password)


@door("people.manage")
@require_POST
def role(request: Request, membership_id: uuid.UUID) -> HttpResponseBase:
    form = RoleForm(request.POST)
    if form.is_valid():
        membership = membership_in(request.brand.pk, membership_id=membership_id)
        change_role(membership, form.cleaned_data["role"], acting_user=request.actor)
        messages.success(request, _("The role was changed."))
    return redirect("people")


@door("people.manage")
@require_POST
def remove(request: Request, membership_id: uuid.UUID) -> HttpResponseBase:
    remove_person(membership_in(request.brand.pk, membership_id=membership_id), acting_user=request.actor)
    messages.success(request, _("This person no longer sees the brand."))
    return redirect("people")


@door("brand.manage")
@require_POST
def add_token(request: Request) -> HttpResponseBase:
    form = TokenForm(request.POST)
    secret = ""
    if form.is_valid():
        secret = issue_token(
            request.brand,
            role=form.cleaned_data["role"],
            name=form.cleaned_data["name"],
            acting_user=request.actor,
        )
    return _people_page(request, token_form=form, new_token=secret)


@door("brand.manage")
@require_POST
def remove_token(request: Request, token_id: uuid.UUID) -> HttpResponseBase:
    revoke_token(token_in(request.brand.pk, token_id), acting_user=request.actor)
    messages.success(request, _("The token no longer opens anything."))
    return redirect("people")


def _people_page(
    request: Request,
    *,
    form: PersonForm | None = None,
    token_form: TokenForm | None = None,
    new_password: str = "",
    new_token: str = "",
) -> HttpResponse:
    return render(
        request,
        "people/people.html",
        {
            "memberships": people_of(request.brand),
            "tokens": tokens_of(request.brand),
            "form": PersonForm() if form is None or new_password else form,
            "token_form": TokenForm() if token_form is None or new_token else token_form,
            "new_password": new_password,
            "new_token": new_token,
            "added": form.cleaned_data["email"]
            if form is not None and form.is_bound and form.is_valid()
            else "",
        },
    )
