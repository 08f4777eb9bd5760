"""What reach keeps of a person: the months in which they count as a professor."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from elearn.accounts.models import Institution
from elearn.reach.models import ProfessorActivity
from elearn.web.own_data import Asked, Lines, Words

WORDS: Mapping[str, Words] = {
    "professor_months": Words(
        _l("Months in which you taught"), _l("For which figures of reach count you as a professor, without your name.")
    ),
}


def export_of(person_id: int) -> Mapping[str, Lines]:
    """Return what is kept of the person, by part."""
    question = (
        select(ProfessorActivity.month, Institution.name.label("institution"))
        .join(Institution, Institution.id == ProfessorActivity.institution_id)
        .where(ProfessorActivity.person_id == person_id)
        .order_by(ProfessorActivity.month, ProfessorActivity.institution_id)
    )
    return {"professor_months": Asked(question, lambda row: {"month": row.month, "institution": row.institution})}


def forget(person_id: int) -> None:
    """Do nothing: the months count on, under a row without a name."""
