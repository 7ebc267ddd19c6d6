import './config/environment';
import { parseArgs } from 'node:util';
import { NestFactory } from '@nestjs/core';
import { plainToInstance } from 'class-transformer';
import { validateOrReject, type ValidationError } from 'class-validator';
import { AppRole } from './app.acl';
import { AppModule } from './app.module';
import { describeError } from './common/filters/describe-error';
import { SignupDto } from './modules/auth/dtos/signup.dto';
import { UserAccountService } from './modules/user/user-account.service';

const USAGE = 'node dist/admin.js --username NAME --email EMAIL --password PASSWORD';

/**
 * Makes sure that there is an administrator of this name, and every role of the access rules. Run
 * it as often as you like: one who is there keeps his email and password.
 */
async function main(): Promise<string> {
  const account = await readAccount();
  const app = await NestFactory.createApplicationContext(AppModule, { logger: ['warn', 'error'] });
  try {
    const made = await app.get(UserAccountService).ensure(account, AppRole.Admin);
    return `${account.username} ${made ? 'is now' : 'was already'} an administrator`;
  } finally {
    await app.close();
  }
}

async function readAccount(): Promise<SignupDto> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { username: text, email: text, password: text } });
  const account = plainToInstance(SignupDto, values);
  await validateOrReject(account);
  return account;
}

function explain(error: unknown): string {
  if (Array.isArray(error)) {
    const problems = (error as ValidationError[]).flatMap((e) =>
      Object.values(e.constraints ?? {}),
    );
    return `${problems.join(', ')}. Usage: ${USAGE}`;
  }
  const { statusCode, message } = describeError(error);
  return statusCode < 500 || !(error instanceof Error) ? String(message) : error.message;
}

main().then(
  (done) => {
    console.log(done);
  },
  (error: unknown) => {
    console.error(explain(error));
    process.exitCode = 1;
  },
);
