from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "parcours.live"
    label = "live"
