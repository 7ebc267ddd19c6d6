/**
 * A generated application on an embedded database, and a way to talk to it.
 *
 * Started by test_http_node.py with APP, the built project, and PORT, a free port. The migration is
 * generated, run, and generated again, which must find no difference.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const { APP, PORT } = process.env;
const PASSWORD = 'Us3r-Passw0rd!';
const base = `http://127.0.0.1:${PORT}`;

let failures = 0;
let count = 0;

/** One expectation: a status (or one of several), and something true of the body. */
export function check(name, { status, body }, wanted, holds = () => true) {
  count += 1;
  if (![wanted].flat().includes(status) || !holds(body)) {
    failures += 1;
    console.error(
      `${name}: wanted ${wanted}, got ${status} ${JSON.stringify(body)?.slice(0, 500)}`,
    );
  }
}

/** Body text sent just as it is. */
export class Raw {
  constructor(text) {
    this.text = text;
  }
}

export async function call(who, method, path, body) {
  const headers = who ? { authorization: `Bearer ${who.token}` } : {};
  if (body !== undefined) {
    headers['content-type'] = 'application/json';
  }
  const text = body instanceof Raw ? body.text : JSON.stringify(body);
  const response = await fetch(base + path, { method, headers, body: text });
  const answer = await response.text();
  return { status: response.status, body: answer === '' ? undefined : JSON.parse(answer) };
}

/** Creates a record that must be accepted, and answers it. */
export async function make(who, path, body) {
  const response = await call(who, 'POST', path, body);
  check(`make ${path}`, response, 201);
  return response.body;
}

async function login(username) {
  const { body } = await call(null, 'POST', '/auth/login', { username, password: PASSWORD });
  return { token: body.accessToken };
}

export async function signUp(username) {
  const email = `${username}@example.com`;
  await call(null, 'POST', '/signup', { username, email, password: PASSWORD });
  const user = await login(username);
  return { ...user, id: (await call(user, 'GET', '/me')).body.id };
}

/** Runs `test({ admin, sql })` against the booted application; exits 1 if a check failed. */
export async function withApplication(test) {
  const server = ['db/pglite-server.mjs', '--port', '0', '--data', 'memory', '--exit-with-parent'];
  const database = spawn('node', server, { cwd: APP, stdio: ['pipe', 'pipe', 'inherit'] });
  const url = await firstLine(database);
  const env = { ...process.env, DATABASE_URL: url };
  env.JWT_MODULE_ACCESS_SECRET = 'a'.repeat(40);
  env.JWT_MODULE_REFRESH_SECRET = 'b'.repeat(40);
  const run = (...command) => {
    const done = spawnSync('node', command, { cwd: APP, env, encoding: 'utf8' });
    check(command.join(' '), { status: done.status, body: done.stdout + done.stderr }, 0);
  };
  migrate(run);
  run('dist/admin.js', '--username', 'admin', '--password', PASSWORD, '--email', 'admin@a.co');
  const app = spawn('node', ['dist/main.js'], {
    cwd: APP,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    await listening(app);
    await test({ admin: await login('admin'), sql: (text) => query(url, text) });
  } finally {
    app.kill();
    await once(app, 'exit');
    database.kill();
  }
  console.log(`${count - failures} of ${count} hold`);
  process.exitCode = failures > 0 || count === 0 ? 1 : 0;
}

function migrate(run) {
  const typeorm = ['node_modules/typeorm/cli.js', '-d', 'dist/ormconfig.js'];
  const folder = mkdtempSync(join(tmpdir(), 'migration-'));
  const target = join(APP, 'dist/migrations');
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  run(...typeorm, 'migration:generate', join(folder, 'Generated'), '--outputJs');
  for (const name of readdirSync(folder)) {
    copyFileSync(join(folder, name), join(target, name));
  }
  rmSync(folder, { recursive: true });
  run(...typeorm, 'migration:run');
  run(...typeorm, 'migration:generate', '--check', join(folder, 'Check'));
}

async function firstLine(child) {
  let text = '';
  for await (const chunk of child.stdout) {
    text += chunk;
    if (text.includes('\n')) {
      break;
    }
  }
  return JSON.parse(text.split('\n')[0]).url;
}

async function listening(app) {
  while (app.exitCode === null) {
    const answer = await fetch(`${base}/me`).catch(() => undefined);
    if (answer) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('the application did not start');
}

async function query(url, text) {
  const { Client } = createRequire(join(APP, 'package.json'))('pg');
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(text);
  await client.end();
  return rows;
}
