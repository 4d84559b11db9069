from django.apps import AppConfig

from parcours.core.registry import live_topics, personal_data


class CustomersConfig(AppConfig):
    name = "parcours.customers"
    label = "customers"

    def ready(self) -> None:
        from parcours.customers.erasure.records import RECORDS
        from parcours.customers.rights import may_follow_customer

        live_topics.register("customer", may_follow_customer)
        personal_data.register("customers", RECORDS)
