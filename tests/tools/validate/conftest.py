"""A small project that is in order, and a way to break it."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from rockets_tools.files import ProjectFiles
from rockets_tools.validate import ValidateResult, validate

APP_MODULE = """\
import { AccessControlModule } from '@concepta/nestjs-access-control';
import { CrudModule } from '@concepta/nestjs-crud';
import { Module } from '@nestjs/common';
import { acRules } from './app.acl';
import { ProductAccessQueryService } from './modules/product/product-access-query.service';
import { ProductModule } from './modules/product/product.module';

@Module({
  imports: [
    CrudModule.forRoot({}),
    AccessControlModule.forRoot({
      settings: { rules: acRules },
      queryServices: [ProductAccessQueryService],
    }),
    ProductModule,
  ],
})
export class AppModule {}
"""
SETTINGS = """\
import { ProductEntity } from '../modules/product/entities/product.entity';

export const typeOrmSettings = () => ({
  type: 'postgres' as const,
  entities: [ProductEntity],
});
"""
ACL = """\
import { AccessControl } from 'accesscontrol';

export enum AppRole {
  Admin = 'admin',
  User = 'user',
}

export enum AppResource {
  Product = 'product',
  ProductList = 'product-list',
}

export const acRules = new AccessControl();

acRules
  .grant(AppRole.Admin)
  .resource([AppResource.Product, AppResource.ProductList])
  .createAny()
  .readAny();
"""
ENTITY = """\
import { CommonPostgresEntity } from '@concepta/typeorm-common';
import { Column, Entity } from 'typeorm';

@Entity('product')
export class ProductEntity extends CommonPostgresEntity {
  @Column({ type: 'varchar', length: 255 })
  name!: string;

  @Column({ type: 'uuid' })
  userId!: string;
}
"""
CONSTANTS = """\
export const PRODUCT_MODULE_PRODUCT_ENTITY_KEY = 'product';

export const ProductResource = {
  One: 'product',
  Many: 'product-list',
} as const;
"""
MODULE = """\
import { TypeOrmExtModule } from '@concepta/nestjs-typeorm-ext';
import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ProductEntity } from './entities/product.entity';
import { ProductCrudController } from './product.crud.controller';

@Module({
  imports: [
    TypeOrmModule.forFeature([ProductEntity]),
    TypeOrmExtModule.forFeature({ product: { entity: ProductEntity } }),
  ],
  controllers: [ProductCrudController],
})
export class ProductModule {}
"""
ACCESS_QUERY = """\
import { CanAccess } from '@concepta/nestjs-access-control';
import { InjectDynamicRepository } from '@concepta/nestjs-typeorm-ext';
import { Injectable } from '@nestjs/common';
import { Repository } from 'typeorm';
import { ProductEntity } from './entities/product.entity';

@Injectable()
export class ProductAccessQueryService implements CanAccess {
  constructor(
    @InjectDynamicRepository('product') private readonly repository: Repository<ProductEntity>,
  ) {}

  async canAccess(context: AccessControlContextInterface): Promise<boolean> {
    if (context.getQuery().possession === 'any') {
      return true;
    }
    return false;
  }
}
"""
CONTROLLER = """\
import { AccessControlQuery, AccessControlReadMany } from '@concepta/nestjs-access-control';
import { CrudController, CrudReadMany, CrudRequest } from '@concepta/nestjs-crud';
import { ProductResource } from './constants/product.constants';
import { ProductAccessQueryService } from './product-access-query.service';
import { ProductCrudService } from './product.crud.service';

@CrudController({ path: 'products' })
@AccessControlQuery({ service: ProductAccessQueryService })
export class ProductCrudController {
  constructor(private readonly service: ProductCrudService) {}

  @CrudReadMany()
  @AccessControlReadMany(ProductResource.Many)
  getMany(@CrudRequest() request: CrudRequestInterface) {
    return this.service.getMany(request);
  }
}
"""
ADAPTER = """\
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { TypeOrmCrudAdapter } from '../../common/crud/typeorm-crud.adapter';
import { ProductEntity } from './entities/product.entity';

@Injectable()
export class ProductTypeOrmCrudAdapter extends TypeOrmCrudAdapter<ProductEntity> {
  constructor(@InjectRepository(ProductEntity) repository: Repository<ProductEntity>) {
    super(repository);
  }
}
"""
MIGRATION = """\
import { MigrationInterface, QueryRunner } from 'typeorm';

export class First1700000000001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE TABLE "product" ("id" uuid NOT NULL)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE "product"`);
  }
}
"""

FOLDER = "src/modules/product"
PROJECT = {
    "src/app.module.ts": APP_MODULE,
    "src/app.acl.ts": ACL,
    "src/config/typeorm.settings.ts": SETTINGS,
    "src/migrations/1700000000001-First.ts": MIGRATION,
    f"{FOLDER}/entities/product.entity.ts": ENTITY,
    f"{FOLDER}/constants/product.constants.ts": CONSTANTS,
    f"{FOLDER}/product.module.ts": MODULE,
    f"{FOLDER}/product.crud.controller.ts": CONTROLLER,
    f"{FOLDER}/product-access-query.service.ts": ACCESS_QUERY,
    f"{FOLDER}/product-typeorm-crud.adapter.ts": ADAPTER,
}


@pytest.fixture
def texts() -> Mapping[str, str]:
    """The files of the small project."""
    return PROJECT


Check = Callable[..., ValidateResult]


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """Validate the small project with some files replaced, added or (None) left out."""

    def checked(
        changes: Mapping[str, str | None] | None = None, **options: object
    ) -> ValidateResult:
        for path, text in (PROJECT | dict(changes or {})).items():
            if text is None:
                continue
            file = tmp_path / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, newline="")
        options.setdefault("records", False)
        return validate(ProjectFiles(tmp_path), **options)  # type: ignore[arg-type]

    return checked


@pytest.fixture
def found(check: Check) -> Callable[..., list[tuple[str, int]]]:
    """As `check`, answering (rule, line) of each issue."""

    def listed(changes: Mapping[str, str | None], **options: object) -> list[tuple[str, int]]:
        return [(issue.rule, issue.line) for issue in check(changes, **options).issues]

    return listed
