import { AccessControlModule } from '@concepta/nestjs-access-control';
import { CrudModule } from '@concepta/nestjs-crud';
import { Module } from '@nestjs/common';

@Module({
  imports: [
    CrudModule.forRoot({}),
    AccessControlModule.forRoot({
      settings: { rules: acRules },
      queryServices: [{ provide: A, useClass: B }],
    }),
    UserModule.forRoot({ entities: { user: { entity: UserEntity } } }),
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
    CrudModule.forRoot({}),
    AccessControlModule.forRoot({
      settings: { rules: acRules },
      queryServices: [
        { provide: A, useClass: B },
        ProductAccessQueryService,
        TagAccessQueryService,
      ],
    }),
    UserModule.forRoot({ entities: { user: { entity: UserEntity } } }),
    ProductModule,
    TagModule,
  ],
})
export class AppModule {}
