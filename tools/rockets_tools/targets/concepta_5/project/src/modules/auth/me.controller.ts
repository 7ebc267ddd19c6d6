import { AuthUser } from '@concepta/nestjs-authentication';
import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags, ApiUnauthorizedResponse } from '@nestjs/swagger';
import { plainToInstance } from 'class-transformer';
import { roleNamesOf } from '../role/role-names';
import type { UserEntity } from '../user/entities/user.entity';
import { MeDto } from './dtos/me.dto';

@ApiTags('auth')
@ApiBearerAuth()
@Controller('me')
export class MeController {
  @Get()
  @ApiOkResponse({ type: MeDto, description: 'The user of the access token.' })
  @ApiUnauthorizedResponse()
  me(@AuthUser() user: UserEntity): MeDto {
    const me = plainToInstance(MeDto, user);
    me.roles = roleNamesOf(user);
    return me;
  }
}
