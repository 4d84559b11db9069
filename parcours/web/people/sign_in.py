"""Signing in, in our own words."""

from typing import Any

from allauth.account.forms import LoginForm
from django.utils.translation import gettext_lazy as _

_WORDS = {"login": _("E-mail address"), "password": _("Password"), "remember": _("Stay signed in")}


class SignInForm(LoginForm):  # type: ignore[misc]  # allauth is not typed
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words in _WORDS.items():
            if name in self.fields:
                self.fields[name].label = words
