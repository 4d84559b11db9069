from django.urls import path

from parcours.web.measure import (
    attribution,
    comparison,
    customers,
    flow,
    funnel,
    paths,
    reasons,
    retention,
    values,
)

urlpatterns = [
    path("measure/", funnel.funnel, name="measure"),
    path("measure/funnel/", funnel.funnel, name="measure_funnel"),
    path("measure/flow/", flow.steps, name="measure_flow"),
    path("measure/paths/", paths.variants, name="measure_variants"),
    path("measure/transitions/", paths.transitions, name="measure_transitions"),
    path("measure/reasons/", reasons.reasons, name="measure_reasons"),
    path("measure/channels/", attribution.channels, name="measure_attribution"),
    path("measure/retention/", retention.retention, name="measure_retention"),
    path("measure/compare/", comparison.comparison, name="measure_compare"),
    path("measure/values/", values.values, name="measure_values"),
    path("measure/customers/", customers.customers, name="measure_customers"),
    path("measure/customers.csv", customers.customers_csv, name="measure_customers_csv"),
]
