from django.urls import path

from parcours.web.listen import hooks, hooks_deliveries

_SHOPS = "listen/sources/shops"
_SHOP = f"{_SHOPS}/<uuid:account_id>"
_DELIVERY = f"{_SHOPS}/deliveries/<uuid:delivery_id>"

urlpatterns = [
    path(f"{_SHOPS}/", hooks.listing, name="shops"),
    path(f"{_SHOP}/", hooks.show, name="shop"),
    path(f"{_SHOP}/state/", hooks.state, name="shop_state"),
    path(f"{_SHOP}/secret/", hooks.secret, name="shop_secret"),
    path(f"{_SHOP}/settings/", hooks.change, name="shop_change"),
    path(f"{_SHOP}/web-service/", hooks.web_service, name="shop_web_service"),
    path(f"{_SHOP}/remove/", hooks.remove, name="shop_remove"),
    path(f"{_SHOP}/replay/", hooks_deliveries.replay_failed, name="shop_replay"),
    path(f"{_DELIVERY}/", hooks_deliveries.show, name="delivery"),
    path(f"{_DELIVERY}/replay/", hooks_deliveries.replay, name="delivery_replay"),
]
