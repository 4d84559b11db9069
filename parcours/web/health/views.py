from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from parcours.web.doors import open_door


@open_door
@require_GET
def alive(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """The process answers."""
    return JsonResponse({"status": "alive"})


@open_door
@require_GET
def ready(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """The database answers and has the tables this version needs."""
    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return JsonResponse({"status": "not ready", "reason": "the database does not answer"}, status=503)
    if pending:
        return JsonResponse({"status": "not ready", "reason": "migrations are pending"}, status=503)
    return JsonResponse({"status": "ready"})


@open_door
@require_GET
def metrics(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Prometheus text."""
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)
