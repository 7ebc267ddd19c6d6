'use strict';
// node static_run.cjs PROJECT RESULT < [[SQL, …], …]
//
// Runs each list of statements on an empty schema of the database in DATABASE_URL and writes the
// catalogs they lead to, as JSON, to RESULT.

const { readFileSync, writeFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { join } = require('node:path');
const { catalog } = require('../../../tools/rockets_tools/database/catalog.cjs');

const [project, resultFile] = process.argv.slice(2);

async function main() {
  const { Client } = createRequire(join(project, 'package.json'))('pg');
  const client = new Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  const run = (sql, values) =>
    client.query(sql, values).catch((error) => {
      throw new Error(`${error.message}: ${sql}`);
    });
  const found = [];
  for (const statements of JSON.parse(readFileSync(0, 'utf8'))) {
    for (const sql of ['DROP SCHEMA public CASCADE', 'CREATE SCHEMA public', ...statements]) {
      await run(sql);
    }
    found.push(await catalog(async (sql, values) => (await run(sql, values)).rows));
  }
  await client.end();
  writeFileSync(resultFile, JSON.stringify(found));
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
