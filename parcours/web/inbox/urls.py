from django.urls import path

from parcours.web.inbox import (
    approved,
    beside,
    channels,
    deeds,
    desk,
    files,
    platform,
    replies,
    routing_urls,
    saved,
    saying,
    signature,
    webhooks,
)

_ONE = "inbox/<uuid:conversation_id>"
_MESSAGE = "inbox/messages/<uuid:message_id>"
_CHANNELS = "inbox/settings/channels"
_CHANNEL = f"{_CHANNELS}/<uuid:account_id>"
_WEBHOOKS = "inbox/settings/webhooks"
_DELIVERY = f"{_WEBHOOKS}/deliveries/<uuid:delivery_id>"

urlpatterns = [
    path("inbox/", desk.desk, name="inbox"),
    path("inbox/rows/", desk.rows, name="inbox_rows"),
    path("inbox/counts/", desk.counts, name="inbox_counts"),
    path("inbox/people/", desk.people, name="inbox_people"),
    path("inbox/bulk/", deeds.bulk, name="inbox_bulk"),
    path("inbox/files/<uuid:file_id>/", files.file, name="inbox_file"),
    path(f"{_ONE}/", desk.conversation, name="inbox_conversation"),
    path(f"{_ONE}/messages/", desk.messages, name="inbox_messages"),
    path(f"{_ONE}/shown/", deeds.shown, name="inbox_shown"),
    path(f"{_ONE}/beside/", beside.beside, name="inbox_beside"),
    path(f"{_ONE}/reply/", saying.reply, name="inbox_reply"),
    path(f"{_ONE}/note/", saying.note, name="inbox_note"),
    path(f"{_ONE}/approved/", approved.approved, name="inbox_approved"),
    path(f"{_ONE}/do/<str:deed>/", deeds.act, name="inbox_deed"),
    path(f"{_ONE}/quick/", replies.for_conversation, name="inbox_quick"),
    path(f"{_ONE}/macro/<uuid:macro_id>/", replies.run_macro, name="inbox_macro_run"),
    path("inbox/views/", saved.save, name="inbox_view_save"),
    path("inbox/views/<uuid:view_id>/delete/", saved.delete, name="inbox_view_delete"),
    path("inbox/settings/signature/", signature.signature, name="inbox_signature"),
    path("inbox/settings/replies/", replies.replies, name="inbox_replies"),
    path("inbox/settings/replies/import/", replies.import_file, name="inbox_replies_import"),
    path("inbox/settings/replies/<uuid:reply_id>/", replies.reply, name="inbox_reply_edit"),
    path("inbox/settings/replies/<uuid:reply_id>/delete/", replies.delete, name="inbox_reply_delete"),
    path("inbox/settings/macros/", replies.macros, name="inbox_macros"),
    path("inbox/settings/macros/<uuid:macro_id>/", replies.macro, name="inbox_macro"),
    path("inbox/settings/macros/<uuid:macro_id>/delete/", replies.delete_macro, name="inbox_macro_delete"),
    path(f"{_MESSAGE}/", desk.message, name="inbox_message"),
    path(f"{_MESSAGE}/again/", saying.again, name="inbox_message_again"),
    path(f"{_MESSAGE}/split/", deeds.split, name="inbox_message_split"),
    path(f"{_MESSAGE}/platform/<str:deed>/", platform.do, name="inbox_message_on_platform"),
    path(f"{_MESSAGE}/mail/", files.mail, name="inbox_mail"),
    path(f"{_CHANNELS}/", channels.listing, name="inbox_channels"),
    path(f"{_CHANNELS}/new/<str:kind>/", channels.new, name="inbox_channel_new"),
    path(f"{_CHANNELS}/outbox/", channels.dead_letters, name="inbox_dead_letters"),
    path(f"{_CHANNEL}/", channels.show, name="inbox_channel"),
    path(f"{_CHANNEL}/test/", channels.test, name="inbox_channel_test"),
    path(f"{_CHANNEL}/switch/", channels.switch, name="inbox_channel_switch"),
    path(f"{_CHANNEL}/remove/", channels.remove, name="inbox_channel_remove"),
    path(f"{_CHANNEL}/replay/", channels.replay, name="inbox_channel_replay"),
    path(f"{_CHANNEL}/arrivals/<uuid:arrival_id>/", channels.arrival, name="inbox_arrival"),
    path(f"{_WEBHOOKS}/", webhooks.listing, name="inbox_webhooks"),
    path(f"{_WEBHOOKS}/<uuid:webhook_id>/", webhooks.show, name="inbox_webhook"),
    path(f"{_WEBHOOKS}/<uuid:webhook_id>/do/<str:deed>/", webhooks.act, name="inbox_webhook_deed"),
    path(f"{_DELIVERY}/", webhooks.delivery, name="inbox_webhook_delivery"),
    path(f"{_DELIVERY}/again/", webhooks.again, name="inbox_webhook_delivery_again"),
    *routing_urls.urlpatterns,
]
