import { TypeOrmExtModule } from '@concepta/nestjs-typeorm-ext';
import { Module } from '@nestjs/common';
import { RoleEntity } from './entities/role.entity';
import { UserRoleEntity } from './entities/user-role.entity';
import { RoleModelService } from './role-model.service';
import { RoleRegistryService } from './role-registry.service';
import { UserRoleModelService } from './user-role-model.service';

@Module({
  imports: [
    TypeOrmExtModule.forFeature({
      role: { entity: RoleEntity },
      userRole: { entity: UserRoleEntity },
    }),
  ],
  providers: [RoleModelService, UserRoleModelService, RoleRegistryService],
  exports: [RoleModelService, UserRoleModelService],
})
export class AppRoleModule {}
