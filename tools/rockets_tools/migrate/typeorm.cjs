'use strict';
// TypeORM's migration commands, several in one process, on an empty database in DATABASE_URL:
//
//   node typeorm.cjs DATA_SOURCE RESULT generate NAME TIMESTAMP FOLDER
//       runs the migrations there are, then writes what is missing to FOLDER, as the CLI does
//   node typeorm.cjs DATA_SOURCE RESULT prove
//       runs them all, looks for a difference to the entities, reverts them one by one
//
// What was found is written to the file RESULT as JSON: the project's own code may print.

const { writeFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { join } = require('node:path');
const { catalog } = require('../database/catalog.cjs');

const [dataSourceFile, resultFile, command, ...options] = process.argv.slice(2);
const requireFromProject = createRequire(dataSourceFile);
const { CommandUtils } = requireFromProject('typeorm/commands/CommandUtils.js');
const { MigrationGenerateCommand } = requireFromProject(
  'typeorm/commands/MigrationGenerateCommand.js',
);

/** Says which step and which migration failed, beside TypeORM's own words. */
class StepError extends Error {
  constructor(step, migration, { message, query }) {
    super(message);
    this.found = { step, migration, message, query: query ?? null };
  }
}

async function connect(logger) {
  const dataSource = await CommandUtils.loadDataSource(dataSourceFile);
  dataSource.setOptions({
    synchronize: false,
    migrationsRun: false,
    dropSchema: false,
    logging: false,
    logger,
  });
  await dataSource.initialize();
  return dataSource;
}

/** TypeORM tells its logger, and nobody else, which migration failed. */
function listener() {
  const ignore = () => undefined;
  return {
    failed: undefined,
    logQuery: ignore,
    logQueryError: ignore,
    logQuerySlow: ignore,
    logSchemaBuild: ignore,
    log: ignore,
    logMigration(message) {
      this.failed = /Migration "([^"]+)" failed/.exec(message)?.[1] ?? this.failed;
    },
  };
}

const transactionOf = (dataSource) => ({
  transaction: dataSource.options.migrationsTransactionMode ?? 'all',
});

async function runAll(dataSource, logger) {
  try {
    const done = await dataSource.runMigrations(transactionOf(dataSource));
    return done.map(({ name }) => name);
  } catch (error) {
    throw new StepError('run', logger.failed ?? null, error);
  }
}

async function difference(dataSource) {
  const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
  return upQueries.map(({ query }) => query);
}

const catalogOf = (dataSource) => catalog((sql, values) => dataSource.query(sql, values));

async function generate(dataSource, logger) {
  const [name, timestamp, folder] = options;
  await runAll(dataSource, logger);
  const before = await catalogOf(dataSource);
  if ((await difference(dataSource)).length === 0) return { before, changed: false };
  // The command connects by itself.
  await dataSource.destroy();
  await new MigrationGenerateCommand().handler({
    dataSource: dataSourceFile,
    path: join(folder, name),
    timestamp: Number(timestamp),
    exitProcess: false,
  });
  return { before, changed: true };
}

async function prove(dataSource, logger) {
  const names = await runAll(dataSource, logger);
  const missing = await difference(dataSource);
  const reverted = [];
  let failed = null;
  for (const migration of names.reverse()) {
    try {
      await dataSource.undoLastMigration(transactionOf(dataSource));
    } catch ({ message, query }) {
      failed = { step: 'revert', migration, message, query: query ?? null };
      break;
    }
    reverted.push({ migration, left: await catalogOf(dataSource) });
  }
  return { missing, reverted, failed };
}

async function main() {
  const logger = listener();
  const dataSource = await connect(logger);
  try {
    return await { generate, prove }[command](dataSource, logger);
  } finally {
    if (dataSource.isInitialized) await dataSource.destroy();
  }
}

main().then(
  (found) => writeFileSync(resultFile, JSON.stringify(found)),
  (error) => {
    const { found } = error.found ? error : new StepError('connect', null, error);
    writeFileSync(resultFile, JSON.stringify({ failed: found }));
    process.exitCode = 1;
  },
);
