from django.urls import include, path
from ninja import NinjaAPI

from parcours.api import (
    axes,
    comments,
    contacts,
    conversations,
    customers,
    desk,
    drawing,
    events,
    evidence,
    files,
    hours,
    inbox,
    journeys,
    keeping,
    library,
    moments,
    personas,
    privacy,
    proposals,
    routing,
    undeliverable,
    values,
    webhooks,
)
from parcours.api.doors import BearerToken, with_doors
from parcours.api.hooks import hook
from parcours.api.problems import answer_with_problems
from parcours.api.widget import widget

api = NinjaAPI(
    title="Parcours",
    version="1",
    description=(
        "Journeys, customers and events. Every operation needs a bearer token; errors are problem+json."
    ),
    auth=BearerToken(),
    docs_url=None,
    urls_namespace="api",
)
answer_with_problems(api)
ROUTERS = (
    journeys.router,
    drawing.router,
    axes.router,
    personas.router,
    keeping.router,
    library.router,
    evidence.router,
    files.router,
    moments.router,
    values.router,
    comments.router,
    proposals.router,
    inbox.router,
    hours.router,
    conversations.router,
    contacts.router,
    desk.router,
    webhooks.router,
    routing.router,
    customers.router,
    events.router,
    privacy.router,
    undeliverable.router,
)
for router in ROUTERS:
    api.add_router("", router)

urlpatterns = [
    path("hooks/<str:kind>/<uuid:account_id>", hook, name="hook"),
    path("widget.js", widget, {"name": "widget"}, name="widget"),
    path("widget-chat.js", widget, {"name": "widget-chat"}, name="widget_chat"),
    path("", include("parcours.api.chat.urls")),
    path(
        "api/v1/",
        with_doors(
            api,
            *ROUTERS,
            public=frozenset({"openapi-json", "api-root"}),
        ),
        name="api",
    ),
]
