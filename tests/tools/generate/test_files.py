"""Rules that hold for the files of every entity, in every form."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from rockets_tools.generate import from_json, render_entity, to_json
from rockets_tools.generate.result import Rendered
from rockets_tools.plan import Plan, generation_input, parse_generation_input
from rockets_tools.plan.model import Entity, EntityPaths, Operation

Renders = Callable[[str], dict[str, Rendered]]
PLANS = ("seed", "rules", "broad")
HANDLER = re.compile(r"^  (?!constructor)(\w+)\(", re.MULTILINE)


def _file(rendered: Rendered, ending: str) -> str:
    return next(file.content for file in rendered.files if file.path.endswith(ending))


@pytest.mark.parametrize("name", PLANS)
def test_the_same_plan_gives_the_same_bytes(plan: Callable[[str], Plan], name: str) -> None:
    entities = plan(name).entities
    backwards = dict(reversed(entities.items()))
    for entity in entities.values():
        assert render_entity(entity, entities) == render_entity(entity, backwards)


@pytest.mark.parametrize("name", PLANS)
def test_the_json_way_gives_the_same_files(plan: Callable[[str], Plan], name: str) -> None:
    resolved = plan(name)
    for entity in resolved.entities.values():
        alone, around = parse_generation_input(generation_input(resolved, entity.name))
        direct = render_entity(entity, resolved.entities)
        assert render_entity(alone, around).files == direct.files
        assert from_json(to_json(direct)) == direct


@pytest.mark.parametrize("name", PLANS)
def test_repositories_are_injected_only_where_the_rules_allow(rendered: Renders, name: str) -> None:
    for entity in rendered(name).values():
        for file in entity.files:
            if "@InjectRepository" in file.content:
                assert file.path.endswith("-typeorm-crud.adapter.ts")
            if "InjectDynamicRepository" in file.content:
                assert file.path.endswith(("-model.service.ts", "-access-query.service.ts"))


@pytest.mark.parametrize("name", PLANS)
def test_every_handler_has_a_grant_and_is_offered(
    plan: Callable[[str], Plan], rendered: Renders, name: str
) -> None:
    handlers = {
        Operation.READ_MANY: ["getMany"],
        Operation.READ_ONE: ["getOne"],
        Operation.CREATE_ONE: ["createMany", "createOne"],
        Operation.UPDATE_ONE: ["updateOne"],
        Operation.DELETE_ONE: ["deleteOne"],
        Operation.RECOVER_ONE: ["recoverOne"],
    }
    for entity in plan(name).entities.values():
        controller = _file(rendered(name)[entity.name], ".crud.controller.ts")
        offered = [
            h for operation in handlers for h in handlers[operation] if entity.offers(operation)
        ]
        assert HANDLER.findall(controller) == offered
        assert len(re.findall(r"^  @AccessControl\w+\(", controller, re.MULTILINE)) == len(offered)
        assert "@AccessControlQuery(" in controller


def test_recover_needs_the_update_grant(rendered: Renders) -> None:
    controller = _file(rendered("seed")["Product"], ".crud.controller.ts")
    assert "AccessControlRecoverOne" not in controller
    recover = controller[controller.index("@CrudRecoverOne()") :]
    assert recover.splitlines()[1] == (
        "  @AccessControlGrant({ resource: ProductResource.One, action: ActionEnum.UPDATE })"
    )


def test_nothing_replaces_a_record(rendered: Renders) -> None:
    for entity in rendered("broad").values():
        assert not any("ReplaceOne" in file.content for file in entity.files)


def test_hidden_fields_are_stored_and_never_answered(rendered: Renders) -> None:
    product = rendered("seed")["Product"]
    assert "secret" in _file(product, "product-create.dto.ts")
    assert "secret" in _file(product, "product-update.dto.ts") or "PartialType" in _file(
        product, "product-update.dto.ts"
    )
    assert "secret" not in _file(product, "dtos/product.dto.ts")
    assert re.search(r"select: false \}\)\n  secret!", _file(product, "product.entity.ts"))


def test_bodies_do_not_exclude_what_they_do_not_know(rendered: Renders) -> None:
    """With `@Exclude()` an unknown property would vanish before anybody could refuse it."""
    for entity in rendered("broad").values():
        for ending in ("-create.dto.ts", "-update.dto.ts"):
            assert "Exclude" not in _file(entity, ending)


def test_unique_means_among_records_that_are_there(rendered: Renders) -> None:
    soft, hard = rendered("broad")["Account"], rendered("broad")["Event"]
    assert "@Index(['iban'], { unique: true, where: '\"dateDeleted\" IS NULL' })" in _file(
        soft, "account.entity.ts"
    )
    assert "unique: true })\n  name!" in _file(hard, "event.entity.ts")
    assert "@Unique(['name', 'level'])" in _file(hard, "event.entity.ts")


def test_a_one_to_one_is_unique_in_both_ways_of_deleting(rendered: Renders) -> None:
    soft = _file(rendered("broad")["Profile"], "profile.entity.ts")
    hard = _file(rendered("broad")["HardProfile"], "hard-profile.entity.ts")
    assert "@ManyToOne(() => AccountEntity" in soft
    assert "@Index(['accountId'], { unique: true" in soft
    assert "@OneToOne(() => AccountEntity" in hard


def test_relations_name_the_file_and_never_a_barrel(rendered: Renders) -> None:
    for entity in rendered("broad").values():
        for file in entity.files:
            for source in re.findall(r" from '(\..*?)';", file.content):
                assert not source.endswith(("/index", "/dtos", "/interfaces", "/shared"))


def test_a_shared_package_is_imported_by_its_name(plan: Callable[[str], Plan]) -> None:
    entities = plan("seed").entities
    product = replace(entities["Product"], shared_package="@acme/contracts")
    files = {f.path: f.content for f in render_entity(product, entities).files}
    controller = files["src/modules/product/product.crud.controller.ts"]
    assert "} from '@acme/contracts';" in controller
    assert "shared/product" not in controller
    # Inside the shared folder the way is short, and the package may not import itself.
    assert "@acme" not in files["src/shared/product/dtos/product-paginated.dto.ts"]


def test_paths_move_files_and_imports(plan: Callable[[str], Plan]) -> None:
    entities = plan("seed").entities
    paths = EntityPaths(entity="src/db/tag", module="src/features/tag", shared="src/features/tag")
    moved = replace(entities["Tag"], paths=paths)
    rendered = render_entity(moved, {**entities, "Tag": moved})
    files = {f.path: f.content for f in rendered.files}
    assert rendered.wiring.entity.file == "src/db/tag/entities/tag.entity.ts"
    assert (
        "from '../../../features/tag/constants/tag.constants'"
        in files["src/db/tag/entities/tag.entity.ts"]
    )
    assert "src/features/tag/dtos/tag.dto.ts" in files


def test_an_entity_without_a_route_still_compiles_to_a_controller(
    plan: Callable[[str], Plan],
) -> None:
    entities = plan("seed").entities
    nothing = replace(entities["Tag"], operations=frozenset[Operation]())
    controller = _file(render_entity(nothing, entities), ".crud.controller.ts")
    assert "constructor" not in controller
    assert controller.rstrip().endswith("export class TagCrudController {}")


def test_names_that_are_taken_get_an_alias(rendered: Renders) -> None:
    broad = rendered("broad")
    assert "TypeOrmModule as BaseTypeOrmModule" in _file(broad["TypeOrm"], "type-orm.module.ts")
    assert "AuditInterface as BaseAuditInterface" in _file(broad["Audit"], "audit.interface.ts")
    entity = _file(broad["Everything"], "everything.entity.ts")
    assert "Column as ColumnEnum" in entity
    assert "import { Column, Entity, Index, JoinColumn, ManyToOne } from 'typeorm';" in entity


def test_an_enum_called_date_leaves_the_date_alone(plan: Callable[[str], Plan]) -> None:
    entity: Entity = plan("seed").entities["Product"]
    renamed = replace(
        entity,
        fields=tuple(
            replace(f, enum_name="Date") if f.enum_name is not None else f for f in entity.fields
        ),
    )
    rendered = render_entity(renamed, plan("seed").entities)
    assert "releasedAt: globalThis.Date | null;" in _file(rendered, "product.interface.ts")
    assert "Date as DateEnum" in _file(rendered, "product.entity.ts")
