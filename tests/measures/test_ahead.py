"""What the worker makes ready when events arrive."""

from parcours.accounts.models import Brand
from parcours.events.lake.layout import lake_folder
from parcours.insights.tasks import count_again, read_ahead
from tests.insights.happened import Happened, Store

pytest_plugins = ["tests.insights.shop"]


def test_properties_are_read_before_anybody_asks_for_reasons(brand: Brand, store: Store) -> None:
    store([Happened("ann", "View", 5)])
    count_again(str(brand.pk))
    read_ahead(str(brand.pk))
    assert list(lake_folder(brand.pk).glob("index/*/columns/*.npy"))
