import { AccessControlModule } from '@concepta/nestjs-access-control';
import { CrudModule } from '@concepta/nestjs-crud';
import { Module } from '@nestjs/common';
const guard = AccessControlModule.forRoot({ queryServices: [] });
const crud = CrudModule.forRoot({});
@Module({
  controllers: [],
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
const guard = AccessControlModule.forRoot({
  queryServices: [ProductAccessQueryService, TagAccessQueryService],
});
const crud = CrudModule.forRoot({});
@Module({
  controllers: [],
  imports: [ProductModule, TagModule],
})
export class AppModule {}
