"""Two people changed the same words: a page on which one of them chooses, with both before their eyes."""

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from parcours.canvas import reads
from parcours.canvas.errors import WordsConflict
from parcours.web.doors import Request

SEEN = "seen-"
LABELS: dict[str, Promise] = {
    "name": _("Name"),
    "description": _("What happens in it"),
    "title": _("Title"),
    "summary": _("Summary"),
    "channel": _("Channel"),
}
FORM_ONLY = {"csrfmiddlewaretoken"}


def seen_in(request: Request) -> dict[str, str] | None:
    """The words as they read when the form was drawn (`seen-<field>`); None when it doesn't say."""
    seen = {
        name.removeprefix(SEEN): request.POST[name].replace("\r\n", "\n").strip()
        for name in request.POST
        if name.startswith(SEEN)
    }
    return seen or None


def choose_words(request: Request, conflict: WordsConflict, journey_id: uuid.UUID) -> HttpResponse:
    """Theirs or mine, field by field; what else the form held goes along."""
    both = {field.name for field in conflict.fields}
    kept = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in FORM_ONLY | both and name.removeprefix(SEEN) not in both
    ]
    context = {
        "journey": reads.journey(request.brand.pk, journey_id),
        "fields": [(field, LABELS.get(field.name, field.name)) for field in conflict.fields],
        "kept": kept,
        "seen": SEEN,
    }
    return render(request, "canvas/words.html", context, status=409)
