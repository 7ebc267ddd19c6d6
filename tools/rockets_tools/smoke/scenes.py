"""All scenes of a plan, in order: a pure function of the plan and of who takes part."""

from collections.abc import Iterator

from rockets_tools.plan.model import Entity, Plan
from rockets_tools.smoke.attacks import target
from rockets_tools.smoke.attacks.application import application_scene
from rockets_tools.smoke.attacks.joins import join_scenes
from rockets_tools.smoke.attacks.queries import query_scenes, robustness_scenes
from rockets_tools.smoke.attacks.records import method_scene, record_scenes, token_scene
from rockets_tools.smoke.cells import callers, quiet_scene
from rockets_tools.smoke.constraints import constraint_scenes
from rockets_tools.smoke.foreign import foreign_scenes
from rockets_tools.smoke.grants import granted_scenes, two_role_scene
from rockets_tools.smoke.model import People, Scene
from rockets_tools.smoke.stage import Stage
from rockets_tools.smoke.wrong_bodies import wrong_body_scenes


def scenes(plan: Plan, people: People) -> Iterator[Scene]:
    """Everything to prove about a plan; the same plan and people make the same scenes."""
    yield application_scene(people)
    for entity in plan.entities.values():
        yield from entity_scenes(plan, people, entity)


def entity_scenes(plan: Plan, people: People, entity: Entity) -> Iterator[Scene]:
    """What is to be proven about one entity: cells first, then bodies, constraints, attacks."""
    new = Stage(plan, people)
    for caller in callers(plan.roles, people):
        yield quiet_scene(new.empty(), entity, caller)
        if caller.person is not None:
            yield from granted_scenes(new, entity, caller)
            yield from foreign_scenes(new, entity, caller)
    optional = (
        two_role_scene(new.empty(), entity),
        token_scene(new.empty(), entity),
    )
    yield from (scene for scene in optional if scene is not None)
    yield from wrong_body_scenes(new, entity)
    yield from constraint_scenes(new, entity)
    readers = target.readers(plan, people, entity)
    for number, caller in enumerate(target.narrowest(entity, readers)):
        yield from query_scenes(new, entity, caller)
        if number == 0:
            yield from robustness_scenes(new, entity, caller)
    for caller in target.widest(entity, readers):
        yield from record_scenes(new, entity, caller)
        yield method_scene(new.empty(), entity, caller)
    for caller in readers:
        yield from join_scenes(new, entity, caller)
