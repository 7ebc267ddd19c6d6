import { TypeOrmExtModule } from '@concepta/nestjs-typeorm-ext';
import { Global, Module } from '@nestjs/common';
import { AppRoleModule } from '../role/app-role.module';
import { AppUserPasswordService } from './app-user-password.service';
import { UserEntity } from './entities/user.entity';
import { UserAccountService } from './user-account.service';
import { UserModelService } from './user-model.service';

/** Global: the SDK's modules take these services, but what they are told to import is dropped. */
@Global()
@Module({
  imports: [TypeOrmExtModule.forFeature({ user: { entity: UserEntity } }), AppRoleModule],
  providers: [UserModelService, AppUserPasswordService, UserAccountService],
  exports: [UserModelService, AppUserPasswordService, UserAccountService],
})
export class AppUserModule {}
