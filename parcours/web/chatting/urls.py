from django.urls import path

from parcours.web.chatting import views

urlpatterns = [
    path("inbox/<uuid:conversation_id>/typing/", views.typing, name="chat_agent_types"),
    path("demo/shop/", views.shop, name="demo_shop"),
]
