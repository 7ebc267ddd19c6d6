import { AccessControlModule as AC, X } from '@concepta/nestjs-access-control';
import { CrudModule as Crud } from '@concepta/nestjs-crud';
import { Module as NestModule } from '@nestjs/common';
@NestModule({
  imports: [
    Crud.forRoot({}),
    AC.forRoot({
      queryServices: [],
    }),
  ],
})
export class AppModule {}
//// after
import { AccessControlModule as AC, X } from '@concepta/nestjs-access-control';
import { CrudModule as Crud } from '@concepta/nestjs-crud';
import { Module as NestModule } from '@nestjs/common';
import { ProductModule } from './modules/product/product.module';
import { ProductAccessQueryService } from './modules/product/product-access-query.service';
import { TagModule } from './modules/tag/tag.module';
import { TagAccessQueryService } from './modules/tag/tag-access-query.service';
@NestModule({
  imports: [
    Crud.forRoot({}),
    AC.forRoot({
      queryServices: [ProductAccessQueryService, TagAccessQueryService],
    }),
    ProductModule,
    TagModule,
  ],
})
export class AppModule {}
