from django.urls import path

from parcours.web.notices import mails, views

urlpatterns = [
    path("notices/", views.notices, name="notices"),
    path("notices/read/", views.read_all, name="notices_read"),
    path("notices/mails/", mails.failed, name="notices_mails"),
    path("notices/mails/<uuid:mail_id>/again/", mails.again, name="notices_mail_again"),
    path("notices/stop/<str:token>/", mails.stop, name="notices_stop"),
    path("notices/<uuid:notice_id>/", views.follow, name="notice"),
    path("notices/<uuid:notice_id>/read/", views.read, name="notice_read"),
    path("me/mails/", mails.choose, name="me_mails"),
]
