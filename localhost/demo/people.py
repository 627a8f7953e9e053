"""People for the demo: all different, the same ones at every run, none real."""

import unicodedata
import uuid
from dataclasses import dataclass
from itertools import product

DOMAIN = "contoso.example"

_GIVEN_NAMES = (
    *("Adele", "Amina", "Anders", "Aylin", "Bianca", "Carlos", "Chidi", "Chloé", "Dara", "Diego", "Elif", "Emre"),
    *("Fatima", "Freya", "Giulia", "Hannah", "Hiroshi", "Ines", "Isaiah", "Jakub", "Joni", "Kwame", "Lena", "Lidia"),
    *("Lynne", "Malik", "Mei", "Miriam", "Nestor", "Noor", "Olga", "Patti", "Pradeep", "Raúl", "Sofía", "Tomás"),
    *("Wanjiru", "Yusuf", "Zoë", "Zsófia"),
)
_SURNAMES = (
    *("Abara", "Adeyemi", "Bauer", "Berg", "Castillo", "Chen", "Demir", "Dubois", "Eriksen", "Fernandes", "Garcia"),
    *("Gupta", "Haddad", "Holm", "Ivanova", "Jansen", "Kaya", "Keller", "Kimani", "Kowalski", "Lindqvist", "Lopez"),
    *("Martin", "Mensah", "Moreau", "Müller", "Nakamura", "Novák", "Nwosu", "Okafor", "Olsen", "Papadopoulos"),
    *("Park", "Petrov", "Quispe", "Ricci", "Rossi", "Sato", "Schmidt", "Silva", "Singh", "Sousa", "Tanaka", "Tran"),
    *("Vance", "Varga", "Walker", "Weber", "Wilber", "Yilmaz"),
)
_OBJECT_IDS = uuid.UUID("b2c1c5b0-4a3f-4f6e-9d57-1f0a3f0c9a11")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signs in.

    Attributes:
        id: Entra's object id.
        given_name: The first name.
        surname: The last name.
        principal_name: The user principal name.
    """

    id: str
    given_name: str
    surname: str
    principal_name: str


def people(count: int) -> list[Person]:
    """Gives so many different people. Where names run out, a number tells people apart."""
    names = [(given, surname) for surname, given in product(_SURNAMES, _GIVEN_NAMES)]
    # A step that shares no factor with the number of names: every name once, neighbors with different surnames.
    step = len(_GIVEN_NAMES) + 1
    return [_person(*names[number * step % len(names)], number // len(names)) for number in range(count)]


def _person(given_name: str, surname: str, namesakes: int) -> Person:
    plain = f"{_plain(given_name)}.{_plain(surname)}{namesakes or ''}"
    return Person(str(uuid.uuid5(_OBJECT_IDS, plain)), given_name, surname, f"{plain}@{DOMAIN}")


def _plain(name: str) -> str:
    return unicodedata.normalize("NFD", name).encode("ascii", "ignore").decode().lower()
