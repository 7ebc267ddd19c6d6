// The embedded PostgreSQL: PGlite behind its socket server, for any PostgreSQL client.
//
//   node db/pglite-server.mjs [--data DIR|memory] [--port N] [--exit-with-parent]
//
// Prints one line of JSON, {"url": "postgres://..."}, when clients may connect. With
// --exit-with-parent it ends when its stdin does. Exit status 75: another server has the directory.

import 'dotenv/config';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { claim, DATA_DIRECTORY } from './claim.mjs';
import { openCluster } from './cluster.mjs';

const IN_USE = 75;
const MAX_CONNECTIONS = 20;

const { values: options } = parseArgs({
  options: {
    data: { type: 'string', default: DATA_DIRECTORY },
    port: { type: 'string', default: '0' },
    'exit-with-parent': { type: 'boolean', default: false },
  },
});

// The handlers come first: a server told to end while it starts must leave no claim behind.
const ending = new Promise((end) => {
  process.once('SIGINT', end).once('SIGTERM', end);
  if (options['exit-with-parent']) {
    process.stdin.once('close', end).on('error', end).resume();
  }
});

const directory = options.data === 'memory' ? undefined : resolve(options.data);
const ours = directory && (await claimOrExit(directory));
const database = await openCluster(directory && join(directory, 'postgres'));
const server = new PGLiteSocketServer({
  db: database,
  host: '127.0.0.1',
  port: Number(options.port),
  maxConnections: MAX_CONNECTIONS,
});
await server.start();

// The user name tells the application that all connections share one session (pool size 1).
const url = `postgres://pglite@${server.getServerConn()}/postgres`;
await ours?.publish(url);
console.log(JSON.stringify({ url }));

await ending;
await ours?.publish(undefined);
await server.stop();
await database.close();
await ours?.release();
process.exit();

async function claimOrExit(path) {
  await mkdir(path, { recursive: true });
  const result = await claim(path);
  if (result.holder) {
    console.error(`${path} is in use by process ${result.holder.pid}.`);
    process.exit(IN_USE);
  }
  return result;
}
