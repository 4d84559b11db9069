from django.urls import path

from parcours.web.reviews import views

_ALL = "map/<uuid:journey_id>/review"
_ONE = f"{_ALL}/<uuid:review_id>"

urlpatterns = [
    path(f"{_ALL}/", views.review, name="map_review"),
    path(f"{_ALL}/rhythm/", views.rhythm, name="map_review_rhythm"),
    path(f"{_ALL}/begin/", views.begin, name="map_review_begin"),
    path(f"{_ONE}/step/", views.step, name="map_review_step"),
    path(f"{_ONE}/sign/", views.sign, name="map_review_sign"),
    path(f"{_ONE}/close/", views.close, name="map_review_close"),
    path("map/<uuid:journey_id>/cards/<uuid:card_id>/review/", views.card, name="map_card_review"),
]
