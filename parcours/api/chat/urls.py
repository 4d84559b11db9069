from django.urls import path

from parcours.api.chat import views

urlpatterns = [
    path("chat/config", views.config, name="chat_config"),
    path("chat/sessions", views.begin, name="chat_begin"),
    path("chat/me", views.me, name="chat_me"),
    path("chat/messages", views.messages, name="chat_messages"),
    path("chat/post", views.post, name="chat_post"),
    path("chat/upload", views.upload, name="chat_upload"),
    path("chat/typing", views.typing, name="chat_typing"),
    path("chat/mark", views.mark, name="chat_mark"),
    path("chat/identify", views.identify, name="chat_identify"),
    path("chat/rating", views.rating, name="chat_rating"),
    path("chat/files/<uuid:file_id>", views.file, name="chat_file"),
]
