from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "parcours.customers"
    label = "customers"
