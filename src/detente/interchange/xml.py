"""XML from anybody. No document type, so no entities, no bombs and no fetching; limited depth; every fault has its place.

Source: XML 1.0, and Namespaces in XML 1.0. The parser is expat, which reads nothing but the bytes it is given.
"""

from __future__ import annotations

from types import MappingProxyType
from xml.parsers import expat

from detente.interchange.node import AKN, AKN_DRAFTS, DETENTE, Node
from detente.model.problem import Problem
from detente.model.span import Span

DEEPEST = 100
"""Elements within one another; more are refused."""

_XML = "http://www.w3.org/XML/1998/namespace"


class _Refused(Exception):  # noqa: N818  ends the parse from within a callback
    def __init__(self, code: str, message: str, advice: str) -> None:
        self.code, self.message, self.advice = code, message, advice


def parse_xml(raw: bytes, path: str) -> tuple[Node | None, Problem | None]:
    """The root element, or why there is none."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    tree = _Tree(parser)
    parser.StartElementHandler = tree.start
    parser.EndElementHandler = tree.end
    parser.CharacterDataHandler = tree.data
    parser.StartDoctypeDeclHandler = _no_document_type
    try:
        parser.Parse(raw, True)
    except _Refused as stop:
        at = _at(path, parser.CurrentLineNumber, parser.CurrentColumnNumber)
        return None, Problem(stop.code, stop.message, at, help=stop.advice)
    except expat.ExpatError as error:
        return None, Problem(
            "not-xml",
            f"this is no well-formed XML: {expat.ErrorString(error.code)}",
            _at(path, error.lineno, error.offset),
            help="have the program that wrote it write it again",
        )
    except (LookupError, ValueError):
        return None, Problem("not-xml", "the encoding that the XML names is not known", _at(path, 1, 0), help="save it as UTF-8")
    return tree.root, None


def _no_document_type(*_: object) -> None:
    raise _Refused(
        "document-type",
        "the XML has a document type declaration, which can define entities and name files",
        "take the <!DOCTYPE ...> out; Akoma Ntoso needs none",
    )


def _at(path: str, line: int, column: int) -> Span:
    return Span(path, line, column + 1, line, column + 2)


class _Tree:
    """Builds elements from what the parser calls."""

    def __init__(self, parser: expat.XMLParserType) -> None:
        self.parser = parser
        self.root: Node | None = None
        self.open: list[tuple[str, str, dict[str, str], int, list[Node | str]]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self.open) == DEEPEST:
            raise _Refused("nested-too-deep", f"elements are nested more than {DEEPEST} deep", "take levels out")
        space, _, local = name.rpartition(" ")
        space = AKN if AKN_DRAFTS.fullmatch(space) else space
        plain = {_attribute(key): value for key, value in attributes.items()}
        self.open.append((space, local, plain, self.parser.CurrentLineNumber, []))

    def end(self, _: str) -> None:
        space, name, attributes, line, parts = self.open.pop()
        node = Node(name, MappingProxyType(attributes), tuple(parts), space, line)
        if self.open:
            self.open[-1][4].append(node)
        else:
            self.root = node

    def data(self, text: str) -> None:
        if self.open:
            self.open[-1][4].append(text)


def _attribute(key: str) -> str:
    """A name with a prefix where it is of a namespace that is asked for, and with the namespace itself elsewhere."""
    space, _, local = key.rpartition(" ")
    return local if not space else f"detente:{local}" if space == DETENTE else f"xml:{local}" if space == _XML else key
