from django.apps import AppConfig

from parcours.core.registry import personal_data


class CustomersConfig(AppConfig):
    name = "parcours.customers"
    label = "customers"

    def ready(self) -> None:
        from parcours.customers.erasure_records import RECORDS

        personal_data.register("customers", RECORDS)
