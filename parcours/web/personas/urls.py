from django.urls import path

from parcours.web.personas import views

_PERSONA = "personas/<uuid:persona_id>"

urlpatterns = [
    path("personas/", views.personas, name="personas"),
    path("personas/new/", views.new, name="persona_new"),
    path(f"{_PERSONA}/", views.persona, name="persona"),
    path(f"{_PERSONA}/edit/", views.edit, name="persona_edit"),
    path(f"{_PERSONA}/duplicate/", views.duplicate, name="persona_duplicate"),
    path(f"{_PERSONA}/remove/", views.remove, name="persona_remove"),
    path(f"{_PERSONA}/restore/", views.restore, name="persona_restore"),
]
