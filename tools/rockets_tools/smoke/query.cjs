'use strict';
// Runs SQL on the scratch database with the project's own client, one request per line:
//
//   stdin   {"sql": "..."}                       in PROJECT, with its URL in ROCKETS_DATABASE_URL
//   stdout  {"rows": [...]} of the last statement, or {"error": {"code", "message"}}
//
// Ends when stdin does.

const { createRequire } = require('node:module');
const { join } = require('node:path');
const { createInterface } = require('node:readline');

async function answer(client, line) {
  try {
    const result = await client.query(JSON.parse(line).sql);
    const last = Array.isArray(result) ? result[result.length - 1] : result;
    return { rows: last?.rows ?? [] };
  } catch ({ code = '', message }) {
    return { error: { code, message } };
  }
}

async function main() {
  const { Client } = createRequire(join(process.argv[2], 'package.json'))('pg');
  const client = new Client({
    connectionString: process.env.ROCKETS_DATABASE_URL,
    connectionTimeoutMillis: 10_000,
  });
  await client.connect();
  for await (const line of createInterface({ input: process.stdin })) {
    process.stdout.write(`${JSON.stringify(await answer(client, line))}\n`);
  }
  await client.end();
}

main().catch(({ code = '', message }) => {
  process.stdout.write(`${JSON.stringify({ error: { code, message } })}\n`);
  process.exitCode = 1;
});
