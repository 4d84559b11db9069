from django.apps import AppConfig

from parcours.core.registry import (
    live_topics,
    notice_kinds,
    people_who_leave,
    personal_data,
    proposal_kinds,
    review_reasons,
)


class CanvasConfig(AppConfig):
    name = "parcours.canvas"
    label = "canvas"

    def ready(self) -> None:
        from parcours.canvas.brand_values.erasing import RECORDS as QUOTES
        from parcours.canvas.captures.kind import KIND as PICTURE_CHANGED
        from parcours.canvas.comments.kinds import KINDS as COMMENT_NOTICES
        from parcours.canvas.comments.writes import forget_author
        from parcours.canvas.evidence import reasons as evidence_reasons
        from parcours.canvas.evidence.erasing import RECORDS
        from parcours.canvas.evidence.keeping import CONTESTED_REASON, OLD_REASON
        from parcours.canvas.proposals.erasing import RECORDS as PROPOSAL_RECORDS
        from parcours.canvas.proposals.kinds import BUILT_IN
        from parcours.canvas.reviews.notices import KINDS as REVIEW_NOTICES
        from parcours.canvas.reviews.reasons import REASONS
        from parcours.canvas.rights import may_follow_journey
        from parcours.canvas.versions.notices import KINDS as VERSION_NOTICES

        live_topics.register("journey", may_follow_journey)
        for name, kind in BUILT_IN.items():
            proposal_kinds.register(name, kind)
        proposal_kinds.register("picture-changed", PICTURE_CHANGED)
        for reason, sentence in REASONS.items():
            review_reasons.register(reason, sentence)
        review_reasons.register(OLD_REASON, evidence_reasons.old)
        review_reasons.register(CONTESTED_REASON, evidence_reasons.contested)
        personal_data.register(RECORDS.name, RECORDS)
        personal_data.register(PROPOSAL_RECORDS.name, PROPOSAL_RECORDS)
        personal_data.register(QUOTES.name, QUOTES)
        for name, notice in {**VERSION_NOTICES, **REVIEW_NOTICES}.items():
            notice_kinds.register(name, notice)
        for named, about in COMMENT_NOTICES.items():
            notice_kinds.register(named, about)
        people_who_leave.register("comments", forget_author)
