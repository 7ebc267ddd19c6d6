import { AccessControlModule } from '@concepta/nestjs-access-control';
import { CrudModule } from '@concepta/nestjs-crud';
import { Module } from '@nestjs/common';
import { ProductModule } from './modules/product/product.module';
@Module({ imports: [] })
class Inner {}

@Module({
  imports: [
    CrudModule.forRoot({}),
    forwardRef(() => ProductModule),
    AccessControlModule.forRoot({
      queryServices: [
        UserAccessQueryService,
      ],
    }),
  ],
})
export class AppModule {}
//// after
import { AccessControlModule } from '@concepta/nestjs-access-control';
import { CrudModule } from '@concepta/nestjs-crud';
import { Module } from '@nestjs/common';
import { ProductModule } from './modules/product/product.module';
import { ProductAccessQueryService } from './modules/product/product-access-query.service';
import { TagModule } from './modules/tag/tag.module';
import { TagAccessQueryService } from './modules/tag/tag-access-query.service';
@Module({ imports: [] })
class Inner {}

@Module({
  imports: [
    CrudModule.forRoot({}),
    forwardRef(() => ProductModule),
    AccessControlModule.forRoot({
      queryServices: [
        UserAccessQueryService,
        ProductAccessQueryService,
        TagAccessQueryService,
      ],
    }),
    TagModule,
  ],
})
export class AppModule {}
