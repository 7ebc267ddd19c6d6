import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { start } from './support/api.mjs';

const URL_LINE = /^\{"url":"postgres:.*"\}$/;
const IN_USE = 75;

let directory;
let servers;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'database-'));
  servers = [];
});

afterEach(async () => {
  await Promise.all(servers.map((server) => server.stop('SIGKILL')));
  await rm(directory, { recursive: true });
});

function serve(...args) {
  const server = start(['db/pglite-server.mjs', '--data', directory, ...args]);
  servers.push(server);
  return server;
}

function command(args, variables) {
  const env = { ...process.env, DATABASE_DIRECTORY: directory, DATABASE_URL: '', ...variables };
  const child = start(['db/with-database.mjs', ...args], env);
  servers.push(child);
  return child;
}

async function urlOf(server) {
  return JSON.parse(await server.line(URL_LINE)).url;
}

async function query(url, sql) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

async function claims() {
  return (await readdir(directory)).filter((name) => name.endsWith('.json'));
}

describe('the embedded database', () => {
  it('keeps its data over a clean end and over a kill', async () => {
    const first = serve();
    await query(await urlOf(first), 'CREATE TABLE note AS SELECT 1 AS n');
    assert.deepEqual(await first.stop(), { code: 0, signal: null });
    assert.deepEqual(await claims(), []);

    const second = serve();
    await query(await urlOf(second), 'INSERT INTO note VALUES (2)');
    await second.stop('SIGKILL');
    assert.equal((await claims()).length, 1);

    const rows = await query(await urlOf(serve()), 'SELECT n FROM note ORDER BY n');
    assert.deepEqual(rows, [{ n: 1 }, { n: 2 }]);
  });

  it('is there for a command as long as it runs', async () => {
    const probe = ['node', '-e', 'console.log(process.env.DATABASE_URL); process.exit(7)'];
    const started = command(probe);
    const url = await started.line(/^postgres:/);
    assert.deepEqual(await started.ended, { code: 7, signal: null });
    await assert.rejects(query(url, 'SELECT 1'));

    const running = await urlOf(serve());
    assert.equal(await command(probe).line(/^postgres:/), running);

    const elsewhere = 'postgres://someone@somewhere/else';
    assert.equal(await command(probe, { DATABASE_URL: elsewhere }).line(/^postgres:/), elsewhere);
    assert.equal((await claims()).length, 1);
  });

  it('ends when the command that brought it is killed', async () => {
    const probe = [
      'node',
      '-e',
      'console.log(process.env.DATABASE_URL); setTimeout(() => {}, 500)',
    ];
    const killed = command(probe);
    await killed.line(/^postgres:/);
    await killed.stop('SIGKILL');
    while ((await claims()).length > 0) {
      await sleep(20);
    }
  });

  it('is opened by one of many servers that start at once', async () => {
    const many = Array.from({ length: 4 }, () => serve());
    const outcomes = await Promise.all(
      many.map((server) => Promise.race([urlOf(server).catch(() => server.ended), server.ended])),
    );
    assert.equal(outcomes.filter((outcome) => typeof outcome === 'string').length, 1);
    assert.equal(outcomes.filter(({ code }) => code === IN_USE).length, many.length - 1);
  });

  it('ends with its parent when told so', async () => {
    const server = serve('--exit-with-parent');
    await urlOf(server);
    server.closeInput();
    assert.deepEqual(await server.ended, { code: 0, signal: null });
    assert.deepEqual(await claims(), []);
  });

  it('ends when told so while it starts', async () => {
    const server = serve();
    await sleep(150);
    await server.stop();
    assert.deepEqual(await claims(), []);
  });
});
