import { join } from 'node:path';
import type { PostgresConnectionOptions } from 'typeorm/driver/postgres/PostgresConnectionOptions';
import { RoleEntity } from '../modules/role/entities/role.entity';
import { UserRoleEntity } from '../modules/role/entities/user-role.entity';
import { UserEntity } from '../modules/user/entities/user.entity';
import './environment';

/** The embedded server signs its URLs with this user name. It has one session for all clients. */
const EMBEDDED_USER = 'pglite';

function databaseUrl(): string {
  const url = process.env.DATABASE_URL;
  if (!url) {
    throw new Error(
      'DATABASE_URL is not set. Set it, or start through `npm start`, which brings a database.',
    );
  }
  return url;
}

function poolSize(url: string): number {
  return new URL(url).username === EMBEDDED_USER ? 1 : Number(process.env.DATABASE_POOL_SIZE || 10);
}

/** TypeORM reads a pattern; the name of a folder above the project may look like one. */
function literally(path: string): string {
  return path.replace(/[*?[\](){}]/g, '[$&]');
}

export function typeOrmSettings(): PostgresConnectionOptions {
  const url = databaseUrl();
  return {
    type: 'postgres',
    url,
    poolSize: poolSize(url),
    entities: [UserEntity, RoleEntity, UserRoleEntity],
    migrations: [join(literally(join(__dirname, '..', 'migrations')), '*.js')],
    // gen_random_uuid() is part of PostgreSQL: no extension to install.
    uuidExtension: 'pgcrypto',
    installExtensions: false,
  };
}
