"""Permissions: from trees to clauses. `may ... only where` is the prohibition of everything else."""

from __future__ import annotations

from detente.agreement import tree as t
from detente.agreement.bearers import occasion_of, read_bearers
from detente.agreement.clause import Head, Not, Occasion, Permission, Prohibition
from detente.agreement.deeds import Scope, read_deed
from detente.agreement.references import read_refs
from detente.agreement.tails import Tails, read_unless, refuse
from detente.agreement.values import with_article
from detente.model.kind import Kind


def read_permission(norm: t.Allow, head: Head, tails: Tails, scope: Scope) -> Permission | Prohibition | None:
    """A permission as meant, or a prohibition where it permits *only*; None with problems."""
    bearers = read_bearers(norm.bearer, scope)
    done = read_deed(norm.deed, "base", scope, binds=True)
    if norm.only:
        refuse(tails, scope, "`may ... only`, a prohibition of the rest")
    else:
        refuse(tails, scope, "a permission", but=("notwithstanding", "which no Party may refuse"))
    if done is None:
        return None
    occasion = occasion_of(done, scope.bearer, norm.where, scope)
    unless = read_unless(tails, scope)
    if norm.only:
        if norm.where is None:
            scope.report.say(
                "missing-condition", "say where it may be done: `only` forbids the rest", norm.deed.at, advice="add `only where ...`"
            )
        if occasion.where is None:
            return None
        rest = Occasion(occasion.kind, occasion.var, occasion.roles, Not(occasion.where))
        return Prohibition(head, bearers, scope.bearer, rest, unless)
    refs = read_refs(tails.notwithstanding.refs, scope.lexicon) if tails.notwithstanding else ()
    if tails.irrefusable and not _can_be_refused(done.kind, scope):
        scope.report.say(
            "unobservable-refusal",
            f"nothing can state that {with_article(done.kind.name)} was refused",
            tails.irrefusable.at,
            advice=f"add it: `define {done.kind.name} as {done.kind.genus} having refused: flag.`",
        )
        return None
    return None if refs is None else Permission(head, bearers, scope.bearer, occasion, refs, tails.irrefusable is not None, unless)


def _can_be_refused(kind: Kind, scope: Scope) -> bool:
    """Whether it has the flag `refused`, or is a message that a `response` with the flag `refusal` can be about."""
    refused = kind.fields.get("refused")
    if refused is not None and refused.type == "flag":
        return True
    is_message = {"sent", "received", "recipient"} <= kind.fields.keys()
    return is_message and "refusal" in scope.lexicon.kinds["response"].fields
