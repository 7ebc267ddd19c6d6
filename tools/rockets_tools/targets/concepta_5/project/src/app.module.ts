import './config/environment';
import { AccessControlModule } from '@concepta/nestjs-access-control';
import { AuthJwtModule } from '@concepta/nestjs-auth-jwt';
import { AuthLocalModule } from '@concepta/nestjs-auth-local';
import { AuthRefreshModule } from '@concepta/nestjs-auth-refresh';
import { AuthenticationModule } from '@concepta/nestjs-authentication';
import { CrudModule } from '@concepta/nestjs-crud';
import { JwtModule } from '@concepta/nestjs-jwt';
import { PasswordModule } from '@concepta/nestjs-password';
import { RoleModule } from '@concepta/nestjs-role';
import { SwaggerUiModule } from '@concepta/nestjs-swagger-ui';
import { TypeOrmExtModule } from '@concepta/nestjs-typeorm-ext';
import { UserAccessQueryService, UserModule } from '@concepta/nestjs-user';
import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { acRules } from './app.acl';
import { CommonModule } from './common/common.module';
import { crudSettings } from './config/crud.settings';
import { typeOrmSettings } from './config/typeorm.settings';
import { AppAuthModule } from './modules/auth/app-auth.module';
import { AppAccessControlService } from './modules/role/app-access-control.service';
import { RoleEntity } from './modules/role/entities/role.entity';
import { UserRoleEntity } from './modules/role/entities/user-role.entity';
import { AppUserAccessQueryService } from './modules/user/app-user-access-query.service';
import { AppUserPasswordService } from './modules/user/app-user-password.service';
import { AppUserModule } from './modules/user/app-user.module';
import { UserEntity } from './modules/user/entities/user.entity';
import { UserModelService } from './modules/user/user-model.service';

@Module({
  imports: [
    ConfigModule.forRoot({ isGlobal: true, ignoreEnvFile: true }),
    TypeOrmExtModule.forRootAsync({ useFactory: typeOrmSettings }),
    CommonModule,
    CrudModule.forRoot({ settings: crudSettings }),
    JwtModule.forRoot({}),
    PasswordModule.forRoot({}),
    AuthenticationModule.forRoot({}),
    AppUserModule,
    AuthLocalModule.forRootAsync({
      inject: [UserModelService],
      useFactory: (userLookupService: UserModelService) => ({ userLookupService }),
    }),
    AuthRefreshModule.forRootAsync({
      inject: [UserModelService],
      useFactory: (userLookupService: UserModelService) => ({ userLookupService }),
    }),
    // Guards run in the order of these two: first who it is, then what he may do.
    AuthJwtModule.forRootAsync({
      inject: [UserModelService],
      useFactory: (userLookupService: UserModelService) => ({ userLookupService }),
    }),
    AccessControlModule.forRoot({
      settings: { rules: acRules },
      service: new AppAccessControlService(),
      queryServices: [{ provide: UserAccessQueryService, useClass: AppUserAccessQueryService }],
    }),
    UserModule.forRootAsync({
      entities: { user: { entity: UserEntity } },
      inject: [AppUserPasswordService],
      useFactory: (userPasswordService: AppUserPasswordService) => ({ userPasswordService }),
    }),
    RoleModule.forRoot({
      settings: { assignments: { user: { entityKey: 'userRole' } } },
      entities: { role: { entity: RoleEntity }, userRole: { entity: UserRoleEntity } },
    }),
    SwaggerUiModule.forRoot({}),
    AppAuthModule,
  ],
})
export class AppModule {}
