from django.urls import path

from parcours.web.listen import (
    privacy,
    privacy_people,
    privacy_purposes,
    privacy_retention,
    undeliverable,
)

_REQUEST = "listen/privacy/requests/<uuid:request_id>"
_CUSTOMER = "listen/customers/<int:customer_id>/privacy"
_CERTIFICATE = "listen/privacy/certificates/<uuid:erasure_id>"
_RULES = "listen/privacy/retention"

urlpatterns = [
    path("listen/privacy/", privacy.overview, name="privacy"),
    path("listen/privacy/numbers/", privacy.numbers, name="privacy_numbers"),
    path("listen/privacy/undeliverable/", undeliverable.listing, name="undeliverable"),
    path(
        "listen/privacy/undeliverable/<int:address_id>/write-again/",
        undeliverable.write_again,
        name="undeliverable_write_again",
    ),
    path("listen/privacy/lift/", privacy.lift, name="suppression_lift"),
    path(f"{_REQUEST}/verify/", privacy.verify, name="request_verify"),
    path(f"{_REQUEST}/answered/", privacy.answered, name="request_answered"),
    path(f"{_REQUEST}/refuse/", privacy.refuse, name="request_refuse"),
    path(f"{_REQUEST}/erase/", privacy.grant, name="request_erase"),
    path("listen/privacy/purposes/new/", privacy_purposes.new, name="purpose_new"),
    path("listen/privacy/purposes/<uuid:purpose_id>/", privacy_purposes.change, name="purpose"),
    path(f"{_RULES}/", privacy_retention.listing, name="retention_rules"),
    path(f"{_RULES}/run/", privacy_retention.run, name="retention_run"),
    path(f"{_RULES}/<slug:rule>/", privacy_retention.change, name="retention_rule"),
    path(f"{_RULES}/<slug:rule>/preview/", privacy_retention.preview, name="retention_preview"),
    path("listen/privacy/certificates/", privacy_people.certificates, name="certificates"),
    path(f"{_CERTIFICATE}/", privacy_people.certificate, name="certificate"),
    path(f"{_CERTIFICATE}/certificate.json", privacy_people.certificate_json, name="certificate_json"),
    path(f"{_CUSTOMER}/", privacy_people.person, name="customer_privacy"),
    path(f"{_CUSTOMER}/consent/", privacy_people.say, name="customer_consent"),
    path(f"{_CUSTOMER}/export/", privacy_people.export, name="customer_export"),
    path(f"{_CUSTOMER}/erase/", privacy_people.erase, name="customer_erase"),
]
