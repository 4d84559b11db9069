from django.urls import path

from parcours.web.measure import (
    attribution,
    comparison,
    conformance,
    customers,
    flow,
    funnel,
    overview,
    paths,
    reasons,
    retention,
    sessions,
    values,
)

urlpatterns = [
    path("measure/", overview.overview, name="measure"),
    path("measure/funnel/", funnel.steps, name="measure_funnel"),
    path("measure/flow/", flow.steps, name="measure_flow"),
    path("measure/paths/", paths.variants, name="measure_variants"),
    path("measure/transitions/", paths.transitions, name="measure_transitions"),
    path("measure/reasons/", reasons.reasons, name="measure_reasons"),
    path("measure/channels/", attribution.channels, name="measure_attribution"),
    path("measure/retention/", retention.retention, name="measure_retention"),
    path("measure/compare/", comparison.comparison, name="measure_compare"),
    path("measure/conformance/", conformance.conformance, name="measure_conformance"),
    path("measure/sessions/", sessions.sessions, name="measure_sessions"),
    path("measure/cards/<slug:card>/", overview.card, name="measure_card"),
    path("measure/values/", values.values, name="measure_values"),
    path("measure/customers/", customers.customers, name="measure_customers"),
    path("measure/customers.csv", customers.customers_csv, name="measure_customers_csv"),
]
