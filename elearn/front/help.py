"""What people ask, and short answers: by who asks, each with an address of its own, so that a page can point at it."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _


@dataclass(frozen=True)
class Question:
    """A question with its answer, a text per paragraph, and where to go from there."""

    key: str
    words: str
    answer: tuple[str, ...]
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Chapter:
    """Questions of one kind of people."""

    key: str
    title: str
    questions: tuple[Question, ...]


def chapters(*, mail: str, contact: str) -> list[Chapter]:
    """Return what people ask; ``mail``: whether this site's is ``sent``, written into a ``folder``, or ``none`` leaves."""
    return [
        Chapter("getting-in", _("Getting in"), tuple(_getting_in(mail=mail, contact=contact))),
        Chapter("studying", _("You study"), tuple(_studying())),
        Chapter("teaching", _("You teach"), tuple(_teaching())),
        Chapter("coordinating", _("You coordinate or edit"), tuple(_coordinating())),
        Chapter("your-data", _("Your data"), tuple(_your_data())),
        Chapter("pages", _("When a page says no"), tuple(_pages(contact=contact))),
    ]


def _getting_in(*, mail: str, contact: str) -> Iterator[Question]:
    by_mail = (
        _("Have a link sent to your address: it lets you choose a new password, and works once."),
        _("No address, or no mail comes? Your professor can print you a slip with a code, and the programme can make you a link."),
    )
    by_hand = (_("This site sends no mail. Your professor can print you a slip with a code; the programme can make you a link."),)
    lost = by_hand if mail == "none" else by_mail
    yield Question("lost-password", _("I forgot my password"), lost, ((_("Choose a new password"), "/forgotten"),))
    yield Question("no-mail", _("No mail arrives"), _no_mail(mail), ((_("Your addresses"), "/account/addresses"),))
    yield Question(
        "no-address",
        _("I have no e-mail address"),
        (_("You need none. If your professor put you on the class's list, you get a slip with a code: it makes your account."),),
        ((_("Use a code"), "/join"),),
    )
    ask = _("Write to %(contact)s.", contact=contact) if contact else _("Ask the people who run this site.")
    yield Question(
        "lost-phone",
        _("I lost my phone, and with it my second factor"),
        (
            _("Sign in with one of your recovery codes, then set up a new phone. Each code works once."),
            _("No recovery codes? A programme coordinator can remove your second factor, once they are sure that it is you.") + " " + ask,
        ),
        ((_("Your second factor"), "/account/second-factor"),),
    )
    yield Question(
        "shared-computer",
        _("I use a computer that others use too"),
        (_("Do not tick “Keep me signed in”, and sign out when you go. Forgot to? End the sign-in from any other device."),),
        ((_("Your sign-ins"), "/account/sign-ins"),),
    )


def _no_mail(mail: str) -> tuple[str, ...]:
    if mail == "none":
        return (_("This site sends no mail: the people who run it have not set that up. What would be mailed stands on your home page."),)
    if mail == "folder":
        return (_("This site runs on one machine and writes its mails into a folder there, one file each. Ask whoever runs it."),)
    return (
        _("Look in the folder for spam, and look whether you typed the address as it is. A mail can take some minutes."),
        _("A school's mail server may refuse ours. Add a second address to your account, or ask your professor for a slip."),
    )


def _studying() -> Iterator[Question]:
    yield Question(
        "code",
        _("The code of my class does not work"),
        (
            _("Large or small letters, spaces and hyphens make no difference, and no code has a 0, O, 1 or I in it."),
            _("A code stops working when the class is over, or when its professor has closed it. A slip works once. Ask your professor."),
        ),
        ((_("Join a class"), "/join"),),
    )
    yield Question(
        "wrong-class",
        _("I am in the wrong class"),
        (_("Leave it on the class's page, and join the right one with its code. What you did stays in the class where you did it."),),
    )
    yield Question(
        "marks",
        _("Which attempt counts, and who sees my marks?"),
        (_("Of your attempts in a class the best one counts. You and the professors and assistants of that class see it; nobody else."),),
    )
    yield Question(
        "review",
        _("Can questions that I got wrong come back?"),
        (
            _("Yes, if you want them to: after 1, 3, 7 and 21 days, on your review page. What you recall from time to time, you remember."),
            _("It never counts, and nobody sees it but you. Switch it on or off there, or in your profile."),
        ),
        ((_("Review"), "/review"), (_("Your progress"), "/progress")),
    )
    yield Question(
        "offline",
        _("My connection breaks off in the middle of a quiz"),
        (
            _("What was saved is there when you come back, on any device."),
            _("Go on answering without a connection: your answers wait on this device."),
            _("They are sent as soon as you open any page here, signed in as yourself. Nobody else who signs in on this device sees them."),
            _("If answers still wait when you sign out, you are asked: send them first, or erase them."),
        ),
    )


def _teaching() -> Iterator[Question]:
    yield Question(
        "not-confirmed",
        _("I am not confirmed yet"),
        (
            _("A coordinator of your institution confirms you, or else the programme. Your home page says whose turn it is."),
            _("Until then you can prepare a class. Answer keys open, and students can join, as soon as you are confirmed."),
        ),
    )
    yield Question(
        "not-listed",
        _("My institution is not in the list"),
        (_("Ask for it when you sign up as a professor. The programme adds it, or tells you under which name it is listed."),),
    )
    yield Question(
        "hand-on",
        _("A colleague takes my class over"),
        (_("Add them as a professor on the class's page of staff. Then you can leave. A coordinator can hand a class on, too."),),
    )
    yield Question(
        "student-password",
        _("A student forgot the password"),
        (_("Print them a slip on the student’s page: it lets them choose a new one, once. That is logged, and told to them."),),
    )


def _coordinating() -> Iterator[Question]:
    yield Question(
        "second-factor",
        _("Why do I need a second factor?"),
        (_("You see other people's names or figures. A password alone is too easily stolen. Any authenticator app will do."),),
        ((_("Set it up"), "/account/second-factor"),),
    )
    yield Question(
        "counted",
        _("How is it counted?"),
        (
            _("A student counts in a class, once in a period, who completes a section or submits a quiz in it. Practice never counts."),
            _("Each figure has its rule beside it. In public, figures are rounded down, and small groups are left out."),
        ),
        ((_("See the figures"), "/reach"),),
    )


def _your_data() -> Iterator[Question]:
    yield Question(
        "who-sees",
        _("Who sees what I do here?"),
        (
            _("In a class: its professors and assistants see your name, progress and marks. Coordinators see numbers, and the log."),
            _("Outside a class: nobody. What you practise is kept for you alone."),
        ),
        ((_("Privacy"), "/privacy"),),
    )
    yield Question(
        "my-data",
        _("What is kept of me, and how do I get it or have it deleted?"),
        (_("A page of your account shows it all, with a download. You delete the account yourself; marks stay without a name."),),
        ((_("Your data"), "/account/data"), (_("Delete my account"), "/account/delete")),
    )


def _pages(*, contact: str) -> Iterator[Question]:
    yield Question(
        "not-found",
        _("“There is no such page” (404)"),
        (_("The address is mistyped or old, or the page belongs to somebody else: the two look the same on purpose."),),
        ((_("Search"), "/search"), (_("Read the modules"), "/modules/")),
    )
    yield Question(
        "not-open",
        _("“This page is not open to you” (403)"),
        (_("Your role does not include it, or it waits for a confirmation or for your second factor. Your home page says which."),),
        ((_("Home"), "/home"),),
    )
    yield Question(
        "changed",
        _("“Something changed meanwhile” (409)"),
        (_("Somebody else, or you in another tab, was faster. Nothing was changed. Load the page again before you repeat it."),),
    )
    yield Question(
        "put-right",
        _("“Something needs to be put right” (422)"),
        (_("What you typed is still there. The page says beside each field what is missing."),),
    )
    yield Question(
        "too-many",
        _("“Too many tries” (429)"),
        (_("Somebody tried too often, perhaps not you: a whole room may share one connection. Wait ten minutes. Nothing is lost."),),
    )
    yield Question(
        "broken",
        _("“Something went wrong on our side” (500, 503)"),
        (
            _("It is logged. Try again in a minute.")
            + (" " + _("If it stays so, write to %(contact)s and say what you did.", contact=contact) if contact else ""),
        ),
    )
