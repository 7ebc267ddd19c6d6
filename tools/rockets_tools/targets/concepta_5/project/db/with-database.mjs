// Runs a command with a database: node db/with-database.mjs COMMAND [ARGUMENT...]
//
// Where DATABASE_URL is set, by the environment or by .env, that is the database. Else the command
// gets the embedded one: the server that is running already, or one that lives as long as the
// command.

import 'dotenv/config';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { DATA_DIRECTORY, holderOf } from './claim.mjs';

const SERVER = join(import.meta.dirname, 'pglite-server.mjs');
const WAIT_MS = 30_000;
const IN_USE = 75;

const [command, ...args] = process.argv.slice(2);
if (!command) {
  console.error('Usage: node db/with-database.mjs COMMAND [ARGUMENT...]');
  process.exit(2);
}

const database = process.env.DATABASE_URL ? undefined : await embeddedDatabase();
const child = spawn(command === 'node' ? process.execPath : command, args, {
  stdio: 'inherit',
  env: database ? { ...process.env, DATABASE_URL: database.url } : process.env,
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => child.kill(signal));
}
child.on('error', (error) => {
  console.error(`${command}: ${error.message}`);
  process.exitCode = 127;
});
child.on('close', (code, signal) => {
  process.exitCode ??= code ?? 128 + constants.signals[signal];
  database?.close();
});

/** Joins the server that has the data directory, or starts one. */
async function embeddedDatabase() {
  for (const deadline = Date.now() + WAIT_MS; Date.now() < deadline; await sleep(50)) {
    const holder = await holderOf(DATA_DIRECTORY);
    if (holder?.url) return { url: holder.url, close() {} };
    const started = holder ? undefined : await startServer();
    if (started) return started;
  }
  throw new Error(`The database in ${DATA_DIRECTORY} did not become ready.`);
}

/** The started server, or undefined when another was faster. */
async function startServer() {
  // In a group of its own, a Ctrl-C reaches the command first; the server ends with its stdin.
  const server = spawn(process.execPath, [SERVER, '--data', DATA_DIRECTORY, '--exit-with-parent'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  const line = await Promise.race([
    once(createInterface({ input: server.stdout }), 'line').then(([text]) => text),
    once(server, 'exit').then(([code]) => ({ code })),
  ]);
  if (typeof line === 'string') {
    return { url: JSON.parse(line).url, close: () => server.stdin.end() };
  }
  if (line.code !== IN_USE) {
    throw new Error(`The embedded database did not start (exit status ${line.code}).`);
  }
  return undefined;
}
