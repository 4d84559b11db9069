"""Reads one mailbox until nothing new is in it, as a worker does; it may be killed at any time.

    python -m tests.acceptance.mail_reader ACCOUNT

The database is the tests' own, named by the environment.
"""

import os
import sys


def main() -> None:
    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = os.environ["TEST_DATABASE"]
    settings.MEDIA_ROOT = os.environ["TEST_MEDIA"]
    settings.PRIVATE_ADDRESSES = ["127.0.0.1"]
    django.setup()
    from parcours.inbox.models import ChannelAccount
    from parcours.inbox.pulling import pull

    before = None
    while True:
        account = ChannelAccount.objects.get(pk=sys.argv[1])
        if account.fault:
            sys.exit(account.fault)
        if account.cursor == before:
            return
        before = account.cursor
        pull(account.pk)


if __name__ == "__main__":
    main()
