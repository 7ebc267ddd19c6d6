// The application as its clients see it: built code, a database of its own in memory, HTTP.

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const ROOT = join(import.meta.dirname, '..', '..');
const READY = /Listening on (http:\S+),/;

/** Starts database and application; `stop` ends both and answers how the application ended. */
export async function startApi() {
  const database = start(['db/pglite-server.mjs', '--data', 'memory', '--exit-with-parent']);
  let app;
  try {
    const { url } = JSON.parse(await database.line(/^\{.*\}$/));
    const env = {
      ...process.env,
      DATABASE_URL: url,
      HOST: '127.0.0.1',
      PORT: String(await freePort()),
      JWT_MODULE_ACCESS_SECRET: 'access-secret-of-the-tests-only-0123',
      JWT_MODULE_REFRESH_SECRET: 'refresh-secret-of-the-tests-only-012',
      NO_COLOR: '1',
    };
    const run = (...args) => promisify(execFile)(process.execPath, args, { cwd: ROOT, env });
    await run('node_modules/typeorm/cli.js', '-d', 'dist/ormconfig.js', 'migration:run');

    app = start(['dist/main.js'], env);
    const [, base] = READY.exec(await app.line(READY));
    const stop = async () => {
      const ending = await app.stop();
      await database.stop();
      return ending;
    };
    return { run, stop, request: (...args) => request(base, ...args) };
  } catch (error) {
    await app?.stop();
    await database.stop();
    throw error;
  }
}

/** One request; the answer's body is parsed when it is JSON. */
async function request(base, method, path, { body, token, headers } = {}) {
  const response = await fetch(base + path, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json');
  return { status: response.status, body: isJson ? JSON.parse(text) : text };
}

/** A Node process whose lines of output can be waited for. */
export function start(args, env = process.env) {
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
  const seen = [];
  const lines = createInterface({ input: child.stdout }).on('line', (line) => seen.push(line));
  return {
    line(pattern) {
      return new Promise((resolve, reject) => {
        const look = (line) => pattern.test(line) && resolve(line);
        seen.forEach(look);
        lines.on('line', look);
        void ended.then(({ code, signal }) => {
          reject(new Error(`${args[0]} ended with ${code ?? signal}:\n${seen.join('\n')}`));
        });
      });
    },
    ended,
    closeInput: () => child.stdin.end(),
    stop(signal = 'SIGTERM') {
      child.kill(signal);
      return ended;
    },
  };
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
