'use strict';
// What TypeORM says of a migration that was written without it, on an empty database in DATABASE_URL:
//
//   node static_compare.cjs DATA_SOURCE RESULT < {"before": [SQL], "up": [SQL], "down": [SQL]}
//
// Writes to RESULT, as JSON: the catalogs `before`, `typeorm` (what the entities need, added to it),
// `fresh` (the entities alone) and `static` (`up` added to it), the statements `missing` that TypeORM
// would still add after `up`, and the catalog `reverted` after `down`.

const { readFileSync, writeFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { join } = require('node:path');

const [dataSourceFile, resultFile] = process.argv.slice(2);
const { CommandUtils } = createRequire(dataSourceFile)('typeorm/commands/CommandUtils.js');
const tools = join(__dirname, '../../../tools/rockets_tools');
const { catalog } = require(join(tools, 'database/catalog.cjs'));

async function main() {
  const { base, before, up, down } = JSON.parse(readFileSync(0, 'utf8'));
  const dataSource = await CommandUtils.loadDataSource(dataSourceFile);
  dataSource.setOptions({ synchronize: false, migrationsRun: false, logging: false });
  await dataSource.initialize();

  const look = () => catalog((sql, values) => dataSource.query(sql, values));
  const run = async (statements) => {
    for (const sql of statements) {
      await dataSource.query(sql).catch((error) => {
        throw new Error(`${error.message}: ${sql}`);
      });
    }
  };
  const wanted = async () =>
    (await dataSource.driver.createSchemaBuilder().log()).upQueries.map(({ query }) => query);
  const start = async (...statements) => {
    await run(['DROP SCHEMA public CASCADE', 'CREATE SCHEMA public', ...statements.flat()]);
  };

  const found = {};
  await start(base);
  await run(await wanted());
  found.fresh = await look();
  await start(base, before);
  found.before = await look();
  await run(await wanted());
  found.typeorm = await look();
  await start(base, before, up);
  found.static = await look();
  found.missing = await wanted();
  await run(down);
  found.reverted = await look();
  await dataSource.destroy();
  writeFileSync(resultFile, JSON.stringify(found));
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
