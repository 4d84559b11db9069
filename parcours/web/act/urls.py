from django.urls import path

from parcours.web.act import views

urlpatterns = [path("act/", views.act, name="act")]
