"""What the jobs say on the home page of who looks after them: that some failed, else nothing."""

from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from elearn import clock
from elearn.accounts.permissions import Permission, Visitor, may
from elearn.jobs.queries import count_of_failed
from elearn.web.home import Group, HomeCard

#: What nobody mended by then is no news any more; it stands in the list for as long as it is kept.
NEWS_FOR = timedelta(days=14)


def home_cards(visitor: Visitor) -> list[HomeCard]:
    """Return a card where jobs failed; one statement for whoever looks after them, none for others."""
    failed = count_of_failed(clock.now() - NEWS_FOR) if may(visitor, Permission.LOOK_AFTER_JOBS) else 0
    if not failed:
        return []
    return [
        HomeCard(
            Group.NOW,
            ngettext("%(num)s job in the background failed", "%(num)s jobs in the background failed", failed),
            _("Each says what went wrong. Once that is mended, have it tried again."),
            actions=((_("Look at it"), "/coordinate/jobs?state=failed"),),
            tone="warning",
        ),
    ]
