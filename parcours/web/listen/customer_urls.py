from django.urls import path

from parcours.web.listen import customer_files, customers, joining, segments

_CUSTOMER = "listen/customers/<int:customer_id>"
_PAIR = "listen/customers/same/<int:likeness_id>"
_SEGMENT = "listen/segments/<uuid:segment_id>"

urlpatterns = [
    path("listen/customers/", customers.listing, name="customers"),
    path("listen/customers/same/", joining.same, name="customers_same"),
    path("listen/customers/same/look/", joining.look, name="customers_look"),
    path(f"{_PAIR}/accept/", joining.accept, name="likeness_accept"),
    path(f"{_PAIR}/dismiss/", joining.dismiss, name="likeness_dismiss"),
    path(f"{_PAIR}/reopen/", joining.reopen, name="likeness_reopen"),
    path("listen/customers/merges/<uuid:merge_id>/undo/", joining.undo, name="merge_undo"),
    path("listen/customers/export/", customer_files.export, name="customers_export"),
    path("listen/customers/import/", customer_files.upload, name="customers_import"),
    path("listen/customers/import/<uuid:import_id>/", customer_files.columns, name="customers_columns"),
    path(f"{_CUSTOMER}/", customers.profile, name="customer"),
    path(f"{_CUSTOMER}/edit/", customers.edit, name="customer_edit"),
    path(f"{_CUSTOMER}/timeline/", customers.timeline, name="customer_timeline"),
    path(f"{_CUSTOMER}/merge/", joining.merge, name="customer_merge"),
    path("listen/segments/", segments.listing, name="segments"),
    path("listen/segments/new/", segments.new, name="segment_new"),
    path("listen/segments/count/", segments.count, name="segment_count"),
    path(f"{_SEGMENT}/", segments.change, name="segment"),
    path(f"{_SEGMENT}/delete/", segments.delete, name="segment_delete"),
]
