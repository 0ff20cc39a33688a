"""Conditions that wait for one another: found, named with their path, and never resolved.

A rule waits for the phase it begins with and for the rules whose breach
releases from it; a prohibition for the permissions that override it; a phase
for what must have been kept and for the phase it is counted from. The *end* of
a rule with a phase is no such step: it lies later than what it depends on.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping

from detente.agreement.clause import AnyRule, Cycle, Kept, Permission, Phase, PhasePoint, Prohibition, Ref, Release
from detente.agreement.clause.recurring import counted_phases
from detente.agreement.index import Index

Graph = dict[str, list[str]]


def cycles(rules: Iterable[AnyRule], phases: Mapping[str, Phase], found: Index) -> tuple[Cycle, ...]:
    """Every knot of rules and phases that wait for one another, in the order of the text."""
    graph = _graph(rules, phases, found)
    knots = [k for k in _knots(graph) if len(k) > 1 or k[0] in graph[k[0]]]
    order = {name: n for n, name in enumerate(graph)}
    knots = [sorted(k, key=order.__getitem__) for k in knots]
    knots.sort(key=lambda k: order[k[0]])
    return tuple(Cycle(_shortest(graph, set(k)), tuple(x.removeprefix("rule ") for x in k if x.startswith("rule "))) for k in knots)


def _graph(rules: Iterable[AnyRule], phases: Mapping[str, Phase], found: Index) -> Graph:
    """What waits for what. Articles are steps of their own, so that the graph stays as small as the text."""
    graph: Graph = defaultdict(list)
    forbids: set[str] = set()
    for rule in rules:
        name = f"rule {rule.head.id}"
        graph[name] += []
        if rule.head.phases is not None and rule.head.phases.starts is not None:
            graph[name].append(f"phase {rule.head.phases.starts.phase}")
        graph[name] += [f"phase {p}" for p in counted_phases(rule)]
        match rule:
            case Prohibition():
                forbids.add(name)
            case Release(of=of, scope=scope):
                graph[name].append(_step(of))
                for ref in scope:
                    graph[f"released: {_step(ref)}"].append(name)
            case Permission(notwithstanding=refs):
                for ref in refs:
                    graph[f"overridden: {_step(ref)}"].append(name)
            case _:
                pass
    for phase in phases.values():
        name = f"phase {phase.id}"
        graph[name] += []
        if isinstance(phase.begins, PhasePoint):
            graph[name].append(f"phase {phase.begins.phase}")
        elif isinstance(phase.begins, tuple):
            graph[name] += [_step(m.of) for m in phase.begins if isinstance(m, Kept)]
    groups = {**{f"article {a}": r for a, r in found.articles.items()}, **{f"the rules of phase {p}": r for p, r in found.phases.items()}}
    for group, ids in groups.items():
        members = [f"rule {i}" for i in ids]
        graph[group] += members
        for member in members:
            graph[member] += _excused(group, member, graph, forbids)
    for name in [n for n in graph if n.startswith("rule ")]:
        graph[name] += _excused(name, name, graph, forbids)
    for targets in list(graph.values()):
        for target in targets:
            graph[target] += []
    return dict(graph)


def _excused(named: str, rule: str, graph: Graph, forbids: set[str]) -> list[str]:
    """The steps of what releases from or overrides a rule, under the name by which it is called there."""
    marks = ("released: ", "overridden: ") if rule in forbids else ("released: ",)
    return [mark + named for mark in marks if mark + named in graph]


def _step(ref: Ref) -> str:
    return f"the rules of phase {ref.id}" if ref.sort == "phase" else f"{ref.sort} {ref.id}"


def _knots(graph: Graph) -> list[list[str]]:
    """Strongly connected components. Source: Tarjan 1972, doi:10.1137/0201010, without recursion."""
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    knots: list[list[str]] = []
    for root in graph:
        if root in number:
            continue
        work = [(root, iter(graph[root]))]
        number[root] = low[root] = len(number)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, rest = work[-1]
            for target in rest:
                if target not in number:
                    number[target] = low[target] = len(number)
                    stack.append(target)
                    on_stack.add(target)
                    work.append((target, iter(graph[target])))
                    break
                if target in on_stack:
                    low[node] = min(low[node], number[target])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == number[node]:
                    knot = [stack.pop()]
                    while knot[-1] != node:
                        knot.append(stack.pop())
                    on_stack.difference_update(knot)
                    knots.append(knot)
    return knots


def _shortest(graph: Graph, knot: set[str]) -> tuple[str, ...]:
    """The shortest way from the knot's first rule or phase back to itself, without the steps that only bundle others."""
    start = next((n for n in graph if n in knot and n.startswith(("rule ", "phase "))), min(knot))
    came: dict[str, str] = {}
    queue = deque([start])
    while queue:
        node = queue.popleft()
        for target in graph[node]:
            if target == start:
                path = [node]
                while path[-1] != start:
                    path.append(came[path[-1]])
                return tuple(x for x in [*reversed(path), start] if not x.startswith(("released: ", "overridden: ")))
            if target in knot and target not in came:
                came[target] = node
                queue.append(target)
    return (start, start)
