'use strict';
// One errand on a PostgreSQL server, with the project's own client:
//
//   node admin.cjs PROJECT empty|catalog
//   node admin.cjs PROJECT create|drop NAME
//
// The server's URL is in ROCKETS_DATABASE_URL, out of sight of the process list. Prints one line of
// JSON: {"lines": [...]} or {"error": {"code", "message"}}.

const { createRequire } = require('node:module');
const { join } = require('node:path');
const { catalog } = require('./catalog.cjs');

const SCRATCH = /^rockets_scratch_(\d{10})_[0-9a-f]{8}$/;
const LEFT_OVER_AFTER_SECONDS = 3600;

const [project, errand, name] = process.argv.slice(2);

/** Everything in the database goes. Only for the embedded server, which is all ours. */
async function empty(client) {
  await client.query('DISCARD ALL');
  const { rows } = await client.query(
    `SELECT quote_ident(nspname) AS schema FROM pg_namespace
     WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'`,
  );
  for (const { schema } of rows) await client.query(`DROP SCHEMA ${schema} CASCADE`);
  await client.query('CREATE SCHEMA public');
}

async function create(client) {
  await removeLeftOvers(client);
  await client.query(`CREATE DATABASE ${checked(name)} TEMPLATE template0`);
}

async function drop(client) {
  await client.query(`DROP DATABASE IF EXISTS ${checked(name)} WITH (FORCE)`);
}

/** Databases of runs that were killed: named as ours, old, and with nobody in them. */
async function removeLeftOvers(client) {
  const { rows } = await client.query(
    `SELECT datname FROM pg_database d WHERE datname LIKE 'rockets\\_scratch\\_%'
     AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datid = d.oid)`,
  );
  for (const { datname } of rows) {
    const born = Number(SCRATCH.exec(datname)?.[1] ?? Infinity);
    if (born < Date.now() / 1000 - LEFT_OVER_AFTER_SECONDS) {
      await client.query(`DROP DATABASE IF EXISTS ${checked(datname)}`);
    }
  }
}

/** Nothing but a scratch database is ever created or dropped. */
function checked(candidate) {
  if (!SCRATCH.test(candidate)) throw new Error(`${candidate} is not a scratch database.`);
  return candidate;
}

const ERRANDS = {
  empty,
  create,
  drop,
  catalog: (client) => catalog(async (sql, values) => (await client.query(sql, values)).rows),
};

async function main() {
  const { Client } = createRequire(join(project, 'package.json'))('pg');
  const client = new Client({
    connectionString: process.env.ROCKETS_DATABASE_URL,
    connectionTimeoutMillis: 10_000,
  });
  await client.connect();
  try {
    // The embedded server has one session, in which a client before us may have set something.
    await client.query('RESET ALL');
    return (await ERRANDS[errand](client)) ?? [];
  } finally {
    await client.end();
  }
}

main().then(
  (lines) => console.log(JSON.stringify({ lines })),
  (error) => {
    // A name with several addresses fails with one error for each.
    const { code = '', message } = error.errors?.[0] ?? error;
    console.log(JSON.stringify({ error: { code, message } }));
    process.exitCode = 1;
  },
);
