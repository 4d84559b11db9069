from django.apps import AppConfig

from parcours.core.registry import live_topics, people_who_leave, planned_ahead, retention


class NoticesConfig(AppConfig):
    name = "parcours.notices"
    label = "notices"

    def ready(self) -> None:
        from parcours.notices.retention import NOTICES
        from parcours.notices.rights import may_follow_person
        from parcours.notices.sending import move_back
        from parcours.notices.writes import forget_person

        live_topics.register("person", may_follow_person)
        planned_ahead.register("mails", move_back)
        people_who_leave.register("notices", forget_person)
        retention.register("notices", NOTICES)
