from django.urls import path

from parcours.web.comments import saying, views

_MAP = "map/<uuid:journey_id>"
_ALL = f"{_MAP}/comments"
_THREAD = f"{_ALL}/<uuid:thread_id>"
_ONE = f"{_ALL}/said/<uuid:comment_id>"

urlpatterns = [
    path(f"{_ALL}/", views.comments, name="map_comments"),
    path(f"{_ALL}/people/", views.people, name="map_comments_people"),
    path(f"{_ALL}/start/", saying.start, name="map_comment_start"),
    path(f"{_ALL}/about/<str:about>/", views.about, name="map_comments_about"),
    path(f"{_THREAD}/", views.thread, name="map_thread"),
    path(f"{_THREAD}/reply/", saying.answer, name="map_thread_reply"),
    path(f"{_THREAD}/resolve/", saying.resolve, name="map_thread_resolve"),
    path(f"{_THREAD}/mute/", saying.mute, name="map_thread_mute"),
    path(f"{_ONE}/edit/", saying.edit, name="map_comment_edit"),
    path(f"{_ONE}/delete/", saying.delete, name="map_comment_delete"),
    path(f"{_ONE}/restore/", saying.restore, name="map_comment_restore"),
    path(f"{_MAP}/cards/<uuid:card_id>/comments/", views.card_comments, name="map_card_comments"),
]
