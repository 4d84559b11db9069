from django.urls import path

from parcours.web.inbox import hours, targets

_HOURS = "inbox/settings/hours"
_TARGET = "inbox/settings/targets/<uuid:target_id>"

urlpatterns = [
    path(f"{_HOURS}/", hours.listing, name="inbox_hours"),
    path(f"{_HOURS}/use/", hours.use, name="inbox_hours_use"),
    path(f"{_HOURS}/<uuid:hours_id>/", hours.show, name="inbox_hours_edit"),
    path(f"{_HOURS}/<uuid:hours_id>/delete/", hours.delete, name="inbox_hours_delete"),
    path("inbox/settings/targets/", targets.listing, name="inbox_targets"),
    path(f"{_TARGET}/", targets.show, name="inbox_target"),
    path(f"{_TARGET}/move/", targets.move, name="inbox_target_move"),
    path(f"{_TARGET}/delete/", targets.delete, name="inbox_target_delete"),
]
