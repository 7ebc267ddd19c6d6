import 'dotenv/config';
import { randomBytes } from 'node:crypto';

const SECRETS = ['JWT_MODULE_ACCESS_SECRET', 'JWT_MODULE_REFRESH_SECRET'] as const;
const SECRET_MIN_LENGTH = 32;

/** What the application and the SDK's modules read, where neither the shell nor `.env` says it. */
const DEFAULTS: Readonly<Record<string, string>> = {
  JWT_MODULE_ACCESS_EXPIRES_IN: '1h',
  JWT_MODULE_REFRESH_EXPIRES_IN: '30d',
  PASSWORD_MIN_PASSWORD_STRENGTH: '2',
  PASSWORD_REQUIRE_CURRENT_TO_UPDATE: 'true',
};

/**
 * Completes `process.env`. Import this before any SDK module: those read their settings from there.
 *
 * Access and refresh tokens have secrets of their own, else a refresh token would pass as an access
 * token. In production both must be given; in development each start makes new ones.
 */
function completeEnvironment(): void {
  // Dates without a zone must mean the same on every machine and in the database.
  process.env.TZ = 'UTC';
  for (const [name, value] of Object.entries(DEFAULTS)) {
    process.env[name] ||= value;
  }
  if (process.env.NODE_ENV === 'production') {
    for (const name of SECRETS) {
      if ((process.env[name] ?? '').length < SECRET_MIN_LENGTH) {
        throw new Error(`${name} must be set to at least ${SECRET_MIN_LENGTH} random characters.`);
      }
    }
  }
  for (const name of SECRETS) {
    process.env[name] ||= randomBytes(32).toString('base64url');
  }
  if (process.env.JWT_MODULE_ACCESS_SECRET === process.env.JWT_MODULE_REFRESH_SECRET) {
    throw new Error('JWT_MODULE_ACCESS_SECRET and JWT_MODULE_REFRESH_SECRET must differ.');
  }
}

completeEnvironment();
