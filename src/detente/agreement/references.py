"""References to rules, articles and phases, as meant."""

from __future__ import annotations

from detente.agreement import tree as t
from detente.agreement.clause import Ref
from detente.agreement.lexicon import Lexicon


def read_refs(refs: tuple[t.RefTree, ...], lexicon: Lexicon) -> tuple[Ref, ...] | None:
    """What several references mean; None with a problem for each that means nothing."""
    read = [read_ref(ref, lexicon) for ref in refs]
    whole = tuple(r for r in read if r is not None)
    return whole if len(whole) == len(read) else None


def read_ref(ref: t.RefTree, lexicon: Lexicon) -> Ref | None:
    """What a reference means; None with a problem. A bare number is a rule's, else an article's."""
    found = lexicon.index
    report = lexicon.report
    name = ref.id.text
    span = report.document.span(report.base + ref.at[0], report.base + ref.at[1], report.trail)
    match ref.sort:
        case "phase":
            return Ref("phase", name, found.phases[name], span) if has_phase(ref.id, lexicon) else None
        case "rule" | "" if name in found.rules:
            if not found.rules[name]:
                report.say(
                    "declaratory-reference",
                    f"rule {name} permits or releases, so it is neither kept nor breached",
                    ref.at,
                    advice="refer to a rule that asks something of somebody",
                )
                return None
            return Ref("rule", name, (name,), span)
        case "article" | "" if name in found.articles:
            rules = found.articles[name]
            if not rules:
                report.say(
                    "declaratory-reference",
                    f"article {name} has no rule that asks something, so it is neither kept nor breached",
                    ref.at,
                    advice="refer to an article with rules, or write a rule for this one",
                )
                return None
            return Ref("article", name, rules, span)
        case "article":
            report.unknown("unknown-article", f"no article is called `{name}`", ref.id, found.articles)
        case _:
            report.unknown("unknown-rule", f"no rule is called `{name}`", ref.id, found.rules)
    return None


def has_phase(word: t.Word, lexicon: Lexicon) -> bool:
    """Whether there is such a phase; if not, with a problem."""
    if word.text in lexicon.index.phases:
        return True
    lexicon.report.unknown(
        "unknown-phase",
        f"no phase is called `{word.text}`",
        word,
        lexicon.index.phases,
        advice=f"say when it begins: `phase {word.text} begins when article 1 has been kept for 90 days.`",
    )
    return False
