from django.urls import include, path
from django.views.generic import RedirectView

from parcours.web.doors import open_door

urlpatterns = [
    path("", open_door(RedirectView.as_view(pattern_name="maps")), name="home"),
    path("", include("parcours.web.health.urls")),
    path("", include("parcours.web.live.urls")),
    path("", include("parcours.web.inbox.urls")),  # asked for most of all, and the first that fits is taken
    path("", include("parcours.web.people.urls")),
    path("", include("parcours.web.notices.urls")),
    path("", include("parcours.web.comments.urls")),
    path("", include("parcours.web.files.urls")),
    path("", include("parcours.web.library.urls")),
    path("", include("parcours.web.canvas.urls")),
    path("", include("parcours.web.canvas.journey_urls")),
    path("", include("parcours.web.personas.urls")),
    path("", include("parcours.web.lens.urls")),
    path("", include("parcours.web.proposals.urls")),
    path("", include("parcours.web.moments.urls")),
    path("", include("parcours.web.values.urls")),
    path("", include("parcours.web.foulee.urls")),
    path("", include("parcours.web.chatting.urls")),
    path("", include("parcours.web.versions.urls")),
    path("", include("parcours.web.reviews.urls")),
    path("", include("parcours.web.shares.urls")),
    path("", include("parcours.web.evidence.urls")),
    path("", include("parcours.web.insights.urls")),
    path("", include("parcours.web.impact.urls")),
    path("", include("parcours.web.measure.urls")),
    path("", include("parcours.web.listen.urls")),
    path("", include("parcours.web.act.urls")),
    path("", include("parcours.web.preferences.urls")),
    path("", include("parcours.api.urls")),
    path("accounts/", include("allauth.urls")),
]

handler404 = "parcours.web.frame.views.not_found"
handler403 = "parcours.web.frame.views.forbidden"
handler500 = "parcours.web.frame.views.broken"
