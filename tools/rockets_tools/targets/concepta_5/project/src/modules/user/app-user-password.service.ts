import { PasswordCreationService, PasswordStrengthService } from '@concepta/nestjs-password';
import { UserPasswordService, type UserPasswordServiceInterface } from '@concepta/nestjs-user';
import { BadRequestException, Injectable } from '@nestjs/common';
import { UserModelService } from './user-model.service';

type SetPassword = UserPasswordServiceInterface['setPassword'];
type GetPasswordStore = UserPasswordServiceInterface['getPasswordStore'];

/** bcrypt looks at no more than this. */
const MAX_BYTES = 72;

/** The SDK's password service, with 400 for a bad password wherever it comes in. */
@Injectable()
export class AppUserPasswordService implements UserPasswordServiceInterface {
  private readonly passwords: UserPasswordService;

  constructor(
    userModelService: UserModelService,
    passwordCreationService: PasswordCreationService,
    private readonly passwordStrength: PasswordStrengthService,
  ) {
    this.passwords = new UserPasswordService(userModelService, passwordCreationService);
  }

  async setPassword(...args: Parameters<SetPassword>): ReturnType<SetPassword> {
    const { password } = args[0];
    if (password !== undefined) {
      this.check(password);
    }
    return this.passwords.setPassword(...args);
  }

  getPasswordStore(...args: Parameters<GetPasswordStore>): ReturnType<GetPasswordStore> {
    return this.passwords.getPasswordStore(...args);
  }

  private check(password: string): void {
    if (Buffer.byteLength(password) > MAX_BYTES) {
      throw new BadRequestException([`password must not be longer than ${MAX_BYTES} bytes`]);
    }
    if (!this.passwordStrength.isStrong(password)) {
      throw new BadRequestException(['password is too easy to guess']);
    }
  }
}
