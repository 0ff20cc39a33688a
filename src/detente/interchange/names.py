"""The elements of Akoma Ntoso 3.0, by what they do to a text.

Source: the schema akomantoso30.xsd of the OASIS Standard of 29 August 2018: the groups ANhier, ANcontainers, ANblock, ANinline,
HTMLblock and HTMLinline, and the naming convention of the same date for `IDS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

HEADED = frozenset(
    ["article", "book", "chapter", "division", "part", "section", "subchapter", "subdivision", "subpart", "subtitle", "title", "tome"]
)
"""Units whose number alone makes a heading. The number of any other stands before its text."""

LARGE = HEADED | frozenset(
    """
    act address adjournment administrationOfOath akomaNtoso alinea amendment amendmentBody amendmentContent
    amendmentHeading amendmentJustification amendmentList amendmentReference answer arguments attachment attachments
    authorialNote background bill block blockContainer blockList body caption citation citations clause collectionBody
    communication component componentData components conclusions container content coverPage crossHeading debate
    debateBody debateReport debateSection decision declarationOfVote doc documentCollection foreign formula fragment
    fragmentBody from hcontainer header heading indent interstitial intro introduction item judgment judgmentBody level
    li list listIntroduction listWrapUp longTitle mainBody ministerialStatements motivation narrative nationalInterest
    note noticesOfMotion num officialGazette ol oralStatements other p papers paragraph personalStatements petitions
    point pointOfOrder popup portion portionBody prayers preamble preface proceduralMotions proviso question questions
    quotedStructure recital recitals remedies resolutions rollCall rule scene speech speechGroup statement subFlow
    subclause subheading sublist subparagraph subrule subsection summary table tblock td th toc tocItem tr transitional
    ul wrapUp writtenQuestions writtenStatements
    """.split()  # noqa: SIM905  a list of names reads best as one
)
"""What begins a paragraph of its own, or holds what does."""

SMALL = frozenset(
    """
    a abbr affectedDocument b br change concept count courtType date decoration def del docAuthority docCommittee docDate
    docIntroducer docJurisdiction docNumber docProponent docPurpose docStage docStatus docTitle docType docketNumber
    documentRef embeddedText entity eol eop event extractText fillIn i img inline ins judge lawyer legislature location
    marker mmod mod mref neutralCitation noteRef object omissis opinion organization outcome party person placeholder
    process quantity quotedText recordedTime ref relatedDocument remark rmod role rref session shortTitle signature span
    sub sup term time u vote
    """.split()  # noqa: SIM905  a list of names reads best as one
)
"""What stands within a paragraph."""

SILENT = frozenset({"meta"})
"""What holds no text of the document but words about it."""

IDS: Mapping[str, str] = MappingProxyType(
    {
        "article": "art",
        "blockList": "list",
        "chapter": "chp",
        "clause": "cl",
        "paragraph": "para",
        "section": "sec",
    }
)
"""Elements that have a short name in an eId; the others stand as they are. Source: Akoma Ntoso Naming Convention 1.0, section 5."""

WORDS: Mapping[str, str] = MappingProxyType(
    {word: word for word in ("article", "book", "chapter", "clause", "paragraph", "part", "point", "section", "title")}
)
"""The word that opens a heading, and the element that it makes; every other heading makes an hcontainer."""
