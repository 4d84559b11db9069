from django.urls import path

from parcours.web.measure import funnel, paths

urlpatterns = [
    path("measure/", funnel.funnel, name="measure"),
    path("measure/paths/", paths.variants, name="measure_variants"),
    path("measure/transitions/", paths.transitions, name="measure_transitions"),
]
