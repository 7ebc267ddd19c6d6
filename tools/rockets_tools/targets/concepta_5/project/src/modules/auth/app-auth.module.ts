import { Module } from '@nestjs/common';
import { MeController } from './me.controller';
import { SignupController } from './signup.controller';

/** What the SDK's authentication modules leave to the application. */
@Module({ controllers: [SignupController, MeController] })
export class AppAuthModule {}
