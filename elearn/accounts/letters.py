"""The mails of this room, in words: who writes, why, and what to do.

A mail to an address that nobody has verified holds nothing that a stranger typed, a name least of all: it would be a way to send texts to
anyone in our name.
"""

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from elearn.mail import Letter

#: A language in which mails are written where the person has chosen none.
FALLBACK = "en"


def _site() -> str:
    return str(current_app.config["SITE_NAME"])


def _link(path: str) -> str:
    return str(current_app.config["BASE_URL"]).rstrip("/") + path


def _letter(address: str, subject: str, *paragraphs: str, person_id: int | None = None) -> Letter:
    return Letter(address, subject, "\n\n".join([*paragraphs, f"-- \n{_site()}\n{_link('/')}", ""]), person_id)


def confirm_address(address: str, token: str, *, person_id: int, language: str) -> Letter:
    """Return the mail that asks the reader of ``address`` to confirm it."""
    with force_locale(language or FALLBACK):
        return _letter(
            address,
            _("Confirm your address for %(site)s", site=_site()),
            _("Somebody gave this address for an account on %(site)s. If that was you, open this page and press the button:", site=_site()),
            _link(f"/verify-address/{token}"),
            _("The link is good for 7 days, once. Your address is then used for class lists and for a new password, should you need one."),
            _("If it was not you, do nothing: without your word the address is not used."),
            person_id=person_id,
        )


def already_here(address: str, *, person_id: int, language: str) -> Letter:
    """Return the mail to somebody whose address was just used to sign up, though they have an account."""
    with force_locale(language or FALLBACK):
        return _letter(
            address,
            _("You already have an account on %(site)s", site=_site()),
            _("Somebody just signed up on %(site)s with this address. You have an account with it already.", site=_site()),
            _("If that was you: sign in to the account you have,"),
            _link("/sign-in"),
            _("or, if you do not remember the password, choose a new one:"),
            _link("/forgotten"),
            _("The account that was just made cannot use your address. If it was not you, do nothing: your account is as it was."),
            person_id=person_id,
        )


def set_password(address: str, token: str, hours: int, *, person_id: int, language: str) -> Letter:
    """Return the mail with a link to choose a new password."""
    with force_locale(language or FALLBACK):
        return _letter(
            address,
            _("A new password for %(site)s", site=_site()),
            _("Somebody asked for a new password for your account on %(site)s. If that was you, choose one here:", site=_site()),
            _link(f"/set-password/{token}"),
            _("The link is good for %(hours)d hours, once.", hours=hours),
            _("If it was not you, do nothing: your password stays as it is."),
            person_id=person_id,
        )


def _security(address: str, subject: str, what: str, todo: str, person_id: int) -> Letter:
    return _letter(address, subject, what, _("If that was you, there is nothing to do."), todo, person_id=person_id)


def password_changed(address: str, *, person_id: int, language: str) -> Letter:
    """Return the mail that says that the password is a new one."""
    with force_locale(language or FALLBACK):
        return _security(
            address,
            _("Your password for %(site)s was changed", site=_site()),
            _("The password of your account on %(site)s was changed, and every other device was signed out.", site=_site()),
            _("If it was not you, choose a new password at once: %(link)s", link=_link("/forgotten")),
            person_id,
        )


def addresses_changed(address: str, added: str, removed: str, *, person_id: int, language: str) -> Letter:
    """Return the mail that says which address came to the account or left it."""
    with force_locale(language or FALLBACK):
        if added:
            what = _("The address %(address)s now belongs to your account on %(site)s.", address=added, site=_site())
        else:
            what = _("The address %(address)s no longer belongs to your account on %(site)s.", address=removed, site=_site())
        return _security(
            address,
            _("The addresses of your account on %(site)s", site=_site()),
            what,
            _("If it was not you, sign in and look at your account: %(link)s", link=_link("/account/addresses")),
            person_id,
        )


def second_factor_changed(address: str, *, is_on: bool, person_id: int, language: str) -> Letter:
    """Return the mail that says that the second factor was set up or removed."""
    with force_locale(language or FALLBACK):
        if is_on:
            what = _("From now on, signing in to your account on %(site)s asks for a code of your authenticator app.", site=_site())
        else:
            what = _("Signing in to your account on %(site)s no longer asks for a code of an authenticator app.", site=_site())
        return _security(
            address,
            _("The second factor of your account on %(site)s", site=_site()),
            what,
            _("If it was not you, choose a new password at once (%(link)s) and tell your coordinator.", link=_link("/forgotten")),
            person_id,
        )
