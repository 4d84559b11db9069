from django.urls import path

from parcours.web.shares import public, views

_ALL = "map/<uuid:journey_id>/share"
_ONE = f"{_ALL}/<uuid:share_id>"

urlpatterns = [
    path(f"{_ALL}/", views.share, name="map_share"),
    path(f"{_ONE}/renew/", views.renew, name="map_share_renew"),
    path(f"{_ONE}/revoke/", views.revoke, name="map_share_revoke"),
    path("s/oembed", public.oembed, name="shared_oembed"),
    path("s/<str:token>/", public.shared, name="shared"),
    path("s/<str:token>/journey/<uuid:journey_id>/", public.shared, name="shared_journey"),
    path("s/<str:token>/pictures/<uuid:picture_id>/", public.picture, name="shared_picture"),
]
