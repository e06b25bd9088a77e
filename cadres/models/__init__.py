"""The register: people, their posts, and the tables that describe them."""

from cadres.models.category import MenteeCategory
from cadres.models.code import Code, CodeAlias, Table
from cadres.models.code_event import CodeAliasEvent, CodeAliasVerb
from cadres.models.event import CadreEvent, CadreVerb
from cadres.models.look import PhoneLook
from cadres.models.mentee import (
    Exemption,
    Mentee,
    MenteeQuerySet,
    StaleEntry,
)
from cadres.models.mentee_event import MenteeEvent, MenteeVerb
from cadres.models.merge import Merge
from cadres.models.person import AlreadyLeft, Cadre, CadreQuerySet, Merged, NotLeft
from cadres.models.posting import Posting, PostingQuerySet

__all__ = [
    "AlreadyLeft",
    "Cadre",
    "CadreEvent",
    "CadreQuerySet",
    "CadreVerb",
    "Code",
    "CodeAlias",
    "CodeAliasEvent",
    "CodeAliasVerb",
    "Exemption",
    "Mentee",
    "MenteeCategory",
    "MenteeEvent",
    "MenteeQuerySet",
    "MenteeVerb",
    "Merge",
    "Merged",
    "NotLeft",
    "PhoneLook",
    "Posting",
    "PostingQuerySet",
    "StaleEntry",
    "Table",
]
