from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from parcours.web.language import LANGUAGE_IN_SESSION

# Words of Django and allauth that our catalogues say their own way; ours come first.
OWN_WORDS = (
    gettext_noop("Email"),
    gettext_noop("Forgot your password?"),
    gettext_noop("Two-Factor Authentication"),
)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is not typed
    """Nobody signs up by themselves: an owner or the command line adds people."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is switched off."),
        "email_password_mismatch": _("This e-mail address and this password don’t go together."),
        "too_many_login_attempts": _("Too many tries went wrong. Wait a few minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        super().login(request, user)
        language = getattr(user, "language", "")
        if language:
            request.session[LANGUAGE_IN_SESSION] = language
