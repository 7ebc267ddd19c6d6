// Opens PGlite on a directory or in memory. Making an empty database cluster takes seconds, so its
// image is kept in node_modules/.cache and the next one is unpacked from there.

import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';

const CACHE = join(import.meta.dirname, '..', 'node_modules', '.cache', 'rockets');

/** The cluster in a directory, made when it is not there; undefined: one in memory. */
export async function openCluster(directory) {
  if (directory === undefined) {
    return PGlite.create({ loadDataDir: await emptyCluster() });
  }
  if (!existsSync(directory)) {
    // Unpacked beside its place and moved there whole: half a cluster never looks like one.
    const draft = `${directory}.new`;
    await rm(draft, { recursive: true, force: true });
    const database = await PGlite.create({ dataDir: draft, loadDataDir: await emptyCluster() });
    await database.close();
    await rename(draft, directory);
  }
  return PGlite.create({ dataDir: directory });
}

async function emptyCluster() {
  const file = join(CACHE, `pglite-${await version()}.tar`);
  if (existsSync(file)) {
    return new Blob([await readFile(file)]);
  }
  const database = await PGlite.create();
  const image = await database.dumpDataDir('none');
  await database.close();
  await store(file, image);
  return image;
}

async function store(file, image) {
  const draft = `${file}.${process.pid}`;
  try {
    await mkdir(CACHE, { recursive: true });
    await writeFile(draft, Buffer.from(await image.arrayBuffer()));
    await rename(draft, file);
  } catch (error) {
    // Without the image everything works, only slower.
    console.error(`The image of an empty database is not kept: ${error.message}`);
    await rm(draft, { force: true }).catch(() => {});
  }
}

async function version() {
  const entry = fileURLToPath(import.meta.resolve('@electric-sql/pglite'));
  return JSON.parse(await readFile(join(dirname(entry), '..', 'package.json'), 'utf8')).version;
}
