from django.apps import AppConfig


class InsightsConfig(AppConfig):
    name = "parcours.insights"
    label = "insights"
