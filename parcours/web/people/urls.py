from django.urls import path

from parcours.web.people import views

urlpatterns = [
    path("me/", views.me, name="me"),
    path("me/brand/<uuid:brand_id>/", views.switch_brand, name="switch_brand"),
    path("people/", views.people, name="people"),
    path("people/<uuid:membership_id>/role/", views.role, name="person_role"),
    path("people/<uuid:membership_id>/remove/", views.remove, name="person_remove"),
    path("people/tokens/", views.add_token, name="token_add"),
    path("people/tokens/<uuid:token_id>/revoke/", views.remove_token, name="token_revoke"),
]
