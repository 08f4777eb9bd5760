"""Institutions of the demonstration, and the people whose sign-ins are printed: invented, and named so that nobody takes them for real."""

from dataclasses import dataclass

from elearn.accounts.permissions import Role

#: The one password of everybody in a demonstration.
PASSWORD = "try-elearn-2026"  # noqa: S105 (meant to be known; a demonstration holds nobody real)
DOMAIN = "demo.example"


@dataclass(frozen=True)
class Place:
    """An institution, and what its classes are called."""

    code: str
    name: str
    local_name: str
    kind: str
    #: ISO 3166-1 alpha-2.
    country: str
    #: IANA.
    timezone: str
    titles: tuple[str, str]


UNIVERSITY = "university"

#: The first five lie on five continents, so that a small demonstration has them too.
PLACES = (
    Place(
        "LTU",
        "University of Lake Turkana (demonstration)",
        "Chuo Kikuu cha Ziwa Turkana",
        UNIVERSITY,
        "KE",
        "Africa/Nairobi",
        ("Cybercrime and the Law", "Cybercrime: An Introduction"),
    ),
    Place(
        "UTR",
        "University of the Three Rivers (demonstration)",
        "Universidad de los Tres Ríos Andinos",
        UNIVERSITY,
        "CO",
        "America/Bogota",
        ("Cybercrime and Criminal Policy", "Criminology of the Digital Age"),
    ),
    Place(
        "WAU",
        "Wadi al-Lawz University (demonstration)",
        "جامعة وادي اللوز",
        UNIVERSITY,
        "JO",
        "Asia/Amman",
        ("Introduction to Cybercrime", "Law and Information Technology"),
    ),
    Place(
        "RFU",
        "University of the Rila Foothills (demonstration)",
        "Университет на Рилските предпланини",
        UNIVERSITY,
        "BG",
        "Europe/Sofia",
        ("Cybercrime in Europe and Beyond", "Computer Science and Crime"),
    ),
    Place(
        "KBU",
        "Koro Bay University (demonstration)",
        "",
        UNIVERSITY,
        "FJ",
        "Pacific/Fiji",
        ("Cybercrime in the Pacific", "Security on Small Islands"),
    ),
    Place(
        "UBO",
        "University of the Golden Baobab (demonstration)",
        "Université du Baobab d’Or",
        UNIVERSITY,
        "SN",
        "Africa/Dakar",
        ("Cybercrime and Society", "Media, Law and Cybercrime"),
    ),
    Place(
        "AOU",
        "Aomisaki University (demonstration)",
        "青見崎大学",
        UNIVERSITY,
        "JP",
        "Asia/Tokyo",
        ("Introduction to Cybercrime", "International Relations in Cyberspace"),
    ),
    Place(
        "UVA",
        "University of the Blue Valley (demonstration)",
        "Universidade do Vale Azul",
        UNIVERSITY,
        "BR",
        "America/Sao_Paulo",
        ("Cybercrime and Human Rights", "Digital Crime and Its Victims"),
    ),
    Place(
        "SHU",
        "Slieve Harbour University (demonstration)",
        "Ollscoil Chuan an tSléibhe",
        UNIVERSITY,
        "IE",
        "Europe/Dublin",
        ("Cybercrime", "Crime, Technology and Trust"),
    ),
    Place(
        "EPA",
        "Escarpment Police Academy (demonstration)",
        "Chuo cha Polisi cha Bonde",
        "police-academy",
        "KE",
        "Africa/Nairobi",
        ("Cybercrime for Investigators", "First Response to Cybercrime"),
    ),
    Place(
        "EJM",
        "Judicial School of the Misty Plateau (demonstration)",
        "Escuela Judicial de la Meseta de la Niebla",
        "judicial-academy",
        "CO",
        "America/Bogota",
        ("Cybercrime for Judges", "Cybercrime on Trial"),
    ),
    Place(
        "QSU",
        "Qasr al-Yasmin University (demonstration)",
        "جامعة قصر الياسمين",
        UNIVERSITY,
        "JO",
        "Asia/Amman",
        ("Cybercrime: Concepts and Cases", "Digital Society and Crime"),
    ),
)


@dataclass(frozen=True)
class Sample:
    """Somebody whose sign-in is printed, to look at the platform with their eyes."""

    account: str
    name: str
    role: Role
    #: What there is to see.
    note: str
    is_confirmed: bool = True
    #: UN M49, of the regional coordinator.
    region: str | None = None

    @property
    def email(self) -> str:
        """The address to sign in with."""
        return f"{self.account}@{DOMAIN}"


STUDENT = Sample("student", "Njeri Achieng", Role.STUDENT, "halfway through a class, with a mark")
PROFESSOR = Sample("professor", "Baraka Ouma", Role.PROFESSOR, "a class under way and a class that is over")
COORDINATOR = Sample("coordinator", "Chebet Langat", Role.COORDINATOR, "the figures of one university; somebody to confirm")
REGIONAL = Sample("regional", "Fatou Ndao", Role.REGIONAL_COORDINATOR, "the figures of Africa", region="002")
PROGRAMME = Sample("programme", "Ilse Vanterpool", Role.PROGRAMME_COORDINATOR, "all figures")
EDITOR = Sample("editor", "Mei Castellan", Role.EDITOR, "the series with all teachers’ sections")
UNCONFIRMED = Sample("unconfirmed", "Wafula Simba", Role.PROFESSOR, "waits to be confirmed; may prepare a class", is_confirmed=False)

SAMPLES = (STUDENT, PROFESSOR, COORDINATOR, REGIONAL, PROGRAMME, EDITOR, UNCONFIRMED)


def places(number: int) -> tuple[Place, ...]:
    """Return ``number`` institutions; beyond those written out above, numbered ones in the same countries."""
    further = (
        Place(
            f"D{count}",
            f"University No. {count} (demonstration)",
            "",
            UNIVERSITY,
            like.country,
            like.timezone,
            like.titles,
        )
        for count, like in ((count, PLACES[(count - 1) % len(PLACES)]) for count in range(len(PLACES) + 1, number + 1))
    )
    return (*PLACES[:number], *further)
