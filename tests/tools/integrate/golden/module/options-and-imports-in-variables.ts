import { AccessControlModule } from '@concepta/nestjs-access-control';
import { CrudModule } from '@concepta/nestjs-crud';
import { Module } from '@nestjs/common';
const options = { queryServices: [] };
const features = [CrudModule.forRoot({}), AccessControlModule.forRoot(options)];
@Module({ imports: features })
export class AppModule {}
//// after
import { AccessControlModule } from '@concepta/nestjs-access-control';
import { CrudModule } from '@concepta/nestjs-crud';
import { Module } from '@nestjs/common';
import { ProductModule } from './modules/product/product.module';
import { ProductAccessQueryService } from './modules/product/product-access-query.service';
import { TagModule } from './modules/tag/tag.module';
import { TagAccessQueryService } from './modules/tag/tag-access-query.service';
const options = { queryServices: [ProductAccessQueryService, TagAccessQueryService] };
const features = [
  CrudModule.forRoot({}),
  AccessControlModule.forRoot(options),
  ProductModule,
  TagModule,
];
@Module({ imports: features })
export class AppModule {}
