from django.urls import path

from parcours.web.inbox import routing, routing_agents, routing_rules

_QUEUE = "inbox/settings/queues/<uuid:queue_id>"
_SKILL = "inbox/settings/skills/<uuid:skill_id>"
_RULE = "inbox/settings/rules/<uuid:rule_id>"

urlpatterns = [
    path("inbox/settings/queues/", routing.queues, name="inbox_queues"),
    path("inbox/settings/queues/settings/", routing.settings, name="inbox_routing_settings"),
    path(f"{_QUEUE}/", routing.queue, name="inbox_queue"),
    path(f"{_QUEUE}/archive/", routing.archive, name="inbox_queue_archive"),
    path(f"{_QUEUE}/everybody/", routing.everybody, name="inbox_queue_everybody"),
    path("inbox/settings/agents/", routing_agents.agents, name="inbox_agents"),
    path("inbox/settings/agents/<uuid:person_id>/", routing_agents.agent, name="inbox_agent"),
    path("inbox/settings/skills/", routing_agents.add_skill, name="inbox_skill_new"),
    path(f"{_SKILL}/delete/", routing_agents.remove_skill, name="inbox_skill_delete"),
    path("inbox/settings/rules/", routing_rules.rules, name="inbox_rules"),
    path(f"{_RULE}/", routing_rules.rule, name="inbox_rule"),
    path(f"{_RULE}/delete/", routing_rules.delete, name="inbox_rule_delete"),
    path(f"{_RULE}/shift/", routing_rules.shift, name="inbox_rule_shift"),
]
