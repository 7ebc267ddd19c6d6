import { AccessControlModule } from '@concepta/nestjs-access-control';
import { CrudModule } from '@concepta/nestjs-crud';
import { Module } from '@nestjs/common';
@Module({
  imports: [
    CrudModule.forRootAsync({ useFactory: () => ({}) }),
    AccessControlModule.forRootAsync({
      inject: [Config],
      useFactory: (config: Config) => ({ settings: { rules: config.rules } }),
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
@Module({
  imports: [
    CrudModule.forRootAsync({ useFactory: () => ({}) }),
    AccessControlModule.forRootAsync({
      inject: [Config],
      useFactory: (config: Config) => ({ settings: { rules: config.rules } }),
      queryServices: [ProductAccessQueryService, TagAccessQueryService],
    }),
    ProductModule,
    TagModule,
  ],
})
export class AppModule {}
