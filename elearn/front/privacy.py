"""The privacy note as a table. It says what the models keep: whoever adds a column of people's says so here."""

from flask_babel import gettext as _

#: What is kept, what for, who sees it, how long.
Kept = tuple[str, str, str, str]


def what_is_kept() -> list[Kept]:
    """Return what is kept of a person with an account."""
    until_deleted = _("Until you delete your account.")
    nameless = _("For good; without your name once you delete your account.")
    return [*_of_the_account(until_deleted), *_of_classes(nameless), *_of_the_house(nameless)]


def _of_the_account(until_deleted: str) -> list[Kept]:
    return [
        (
            _("Your name, sign-in name, language and time zone"),
            _("To sign you in and to call you by your name."),
            _("You; professors and assistants of your classes, and coordinators where you hold or ask for a role, see the name."),
            until_deleted,
        ),
        (
            _("Your e-mail addresses"),
            _("To sign in, to write to you, and, once verified, to find your place on a class's list."),
            _("You; coordinators where you hold or ask for a role."),
            until_deleted,
        ),
        (
            _("Hashes of your password and recovery codes; a number from which, with the site's key, your authenticator's secret is made"),
            _("To see that it is you."),
            _("Nobody."),
            until_deleted,
        ),
        (
            _("Your roles, with dates and the word that went with a decision"),
            _("So that only those teach and coordinate who were confirmed."),
            _("You; the coordinators of the place, and the programme."),
            _("The role for good, without your name once you delete your account; the word until then."),
        ),
        (
            _("Your sign-ins: when, until when, and what the browser calls itself"),
            _("So that you can end one that is not yours."),
            _("You."),
            until_deleted,
        ),
    ]


def _of_classes(nameless: str) -> list[Kept]:
    staff = _("You; the professors and assistants of the class.")
    return [
        (
            _("Your place in a class: name, number, group, when you came and went"),
            _("The class's list."),
            staff,
            nameless,
        ),
        (
            _("Sections you marked, your progress and results"),
            _("To go on where you stopped; the marks of the class; figures of reach."),
            staff,
            nameless,
        ),
        (
            _("Answers to quizzes"),
            _("To mark them, and to put marks right where a question was wrong."),
            _("You; the professors of the class. Practice: you."),
            _("Choices for good, without your name once you delete your account; what you typed until then."),
        ),
        (
            _("Whether questions come back to you for review, when each is due, and what you answered then"),
            _("To ask them again until you remember them."),
            _("You."),
            _("Choices without your name for good; the rest, and what you typed, until you delete your account."),
        ),
        (
            _("Problems you reported"),
            _("To mend the modules."),
            _("You; the editors, and the professors of the class you read in."),
            _("Your words until you delete your account."),
        ),
        (
            _("Courses, announcements and words of welcome that you wrote as a professor"),
            _("They are the class's and the institution's."),
            _("The class."),
            nameless,
        ),
    ]


def _of_the_house(nameless: str) -> list[Kept]:
    return [
        (
            _("Mails to you: address, subject, when"),
            _("To send them again where a server refused."),
            _("You."),
            _("Until you delete your account; their text goes as soon as they are sent."),
        ),
        (
            _("Work that you had the site do in the background: what, when, how it ended"),
            _("To show you how far it is."),
            _("You; those who look after the site."),
            _("Half a year at most."),
        ),
        (
            _("The log: who did what to whose account, role or class"),
            _("So that people can be asked why they did it."),
            _("Coordinators, for their institution; the programme."),
            nameless,
        ),
        (
            _("How often a password or code was tried, under a hash of the name and of the internet address"),
            _("Against guessing."),
            _("Nobody."),
            _("Two days."),
        ),
    ]
