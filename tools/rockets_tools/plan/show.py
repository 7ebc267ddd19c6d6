"""The plan as pictures and tables: Mermaid, SVG, waves, access matrix."""

import shutil
import subprocess
from pathlib import Path

from rockets_tools.errors import MachineError, Problem
from rockets_tools.files import disk_error
from rockets_tools.plan.model import Action, Entity, Plan, Possession, Relation, RelationType

_LETTERS = (
    (Action.CREATE, "C"),
    (Action.READ, "R"),
    (Action.UPDATE, "U"),
    (Action.DELETE, "D"),
)


def wave_rows(plan: Plan) -> list[tuple[int, str, str, str, str]]:
    """(wave from 0, entity, table, route, entities it waits for) in order of generation."""
    cut = {(edge.source, edge.relation) for edge in plan.cut_edges}
    rows: list[tuple[int, str, str, str, str]] = []
    for index, wave in enumerate(plan.waves):
        for name in wave:
            entity = plan.entities[name]
            needs = {
                relation.target
                for relation in entity.owning_relations
                if not (relation.sdk_target or relation.self_reference)
                and (name, relation.name) not in cut
            }
            rows.append((index, name, entity.table, f"/{entity.plural}", ", ".join(sorted(needs))))
    return rows


def acl_rows(plan: Plan) -> list[tuple[str, ...]]:
    """(entity, then a cell per role of `plan.roles`): `CRUD any`, `R own`, or `-`."""
    return [
        (entity.name, *(_cell(entity, role) for role in plan.roles))
        for entity in plan.entities.values()
    ]


def mermaid(plan: Plan) -> str:
    """An `erDiagram`; names are plain words by then, so no text can change the diagram."""
    lines = ["erDiagram"]
    for entity in plan.entities.values():
        lines.append(f"  {_node(entity.name)} {{")
        lines.append("    uuid id PK")
        lines += [f"    {field.type.value} {_attribute(field.name)}" for field in entity.fields]
        lines += [f"    uuid {relation.foreign_key} FK" for relation in entity.owning_relations]
        lines.append("  }")
    for entity in plan.entities.values():
        lines += [
            f'  {_node(relation.target)} {_ends(relation)} {_node(entity.name)} : "{relation.name}"'
            for relation in entity.owning_relations
        ]
    return "\n".join(lines)


def dot(plan: Plan) -> str:
    """The same diagram in Graphviz' language."""
    lines = [
        "digraph plan {",
        "  rankdir=LR;",
        '  node [shape=record, fontname="sans-serif", fontsize=10];',
        '  edge [fontname="sans-serif", fontsize=9];',
    ]
    for entity in plan.entities.values():
        rows = [f"{field.name} : {field.type.value}" for field in entity.fields]
        rows += [f"{relation.foreign_key} : uuid" for relation in entity.owning_relations]
        text = "".join(f"{row}\\l" for row in rows)
        lines.append(f'  "{entity.name}" [label="{entity.name}|{text}"];')
    for entity in plan.entities.values():
        lines += [
            f'  "{entity.name}" -> "{relation.target}" [label="{relation.name}"'
            f"{', style=dashed' if relation.nullable else ''}];"
            for relation in entity.owning_relations
        ]
    return "\n".join([*lines, "}"])


def draw_svg(plan: Plan, path: Path) -> None:
    """Write the diagram as SVG; `MachineError` when Graphviz is not there."""
    program = shutil.which("dot")
    if program is None:
        raise MachineError(
            Problem(
                code="graphviz-missing",
                message="Drawing needs Graphviz, and there is no program called dot.",
                fix="Install Graphviz, or use the Mermaid text instead.",
            )
        )
    try:
        drawn = subprocess.run(
            [program, "-Tsvg"],
            input=dot(plan).encode(),
            capture_output=True,
            check=True,
            timeout=120,
        )
        path.write_bytes(drawn.stdout)
    except subprocess.SubprocessError as error:
        raise MachineError(
            Problem(
                code="graphviz-failed",
                message=f"Graphviz did not draw the diagram: {error}.",
                fix="Use the Mermaid text instead.",
            )
        ) from error
    except OSError as error:
        raise disk_error(error, str(path)) from error


def _cell(entity: Entity, role: str) -> str:
    grant = entity.acl.get(role)
    if grant is None:
        return "-"
    letters = "".join(letter for action, letter in _LETTERS if action in grant.actions)
    return f"{letters} {'own' if grant.possession is Possession.OWN else 'any'}"


def _ends(relation: Relation) -> str:
    """Target on the left, the side with the foreign key on the right."""
    left = "|o" if relation.nullable else "||"
    one = relation.type is RelationType.ONE_TO_ONE or relation.unique
    return f"{left}--{'o|' if one else 'o{'}"


def _attribute(name: str) -> str:
    """Mermaid reads these three as marks, in any case."""
    return f"{name}_" if name in {"pk", "fk", "uk"} else name


def _node(name: str) -> str:
    """Quoted: an entity may be called `Class` or `Style`, which Mermaid takes as its own words."""
    return f'"{name}"'
