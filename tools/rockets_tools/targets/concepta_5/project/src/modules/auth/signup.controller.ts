import { AuthPublic } from '@concepta/nestjs-authentication';
import { UserDto } from '@concepta/nestjs-user';
import { Body, Controller, Post } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiTags,
} from '@nestjs/swagger';
import { plainToInstance } from 'class-transformer';
import { AppRole } from '../../app.acl';
import { UserAccountService } from '../user/user-account.service';
import { SignupDto } from './dtos/signup.dto';

@ApiTags('auth')
@AuthPublic()
@Controller('signup')
export class SignupController {
  constructor(private readonly accounts: UserAccountService) {}

  @Post()
  @ApiCreatedResponse({ type: UserDto })
  @ApiBadRequestResponse({ description: 'A field is wrong, or the password easy to guess.' })
  @ApiConflictResponse({ description: 'The username or email is taken.' })
  async signup(@Body() signupDto: SignupDto): Promise<UserDto> {
    return plainToInstance(UserDto, await this.accounts.create(signupDto, AppRole.User));
  }
}
