// Who may open a data directory: one process at a time, or the files are destroyed.
//
// Each candidate writes a claim file of its own, then looks for others: seeing a living one it
// withdraws. Because everyone writes before looking, two can never both see nobody. A claim names
// its process and when that started, so what a killed server left behind never counts as alive and
// is removed without a race.

import { readFileSync } from 'node:fs';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Of `npm start` and its like. */
export const DATA_DIRECTORY =
  process.env.DATABASE_DIRECTORY || join(import.meta.dirname, '..', '.data');

const CLAIM = /^server\.(\d+)\.(\d+)\.json(?:\.tmp)?$/;
const ATTEMPTS = 20;

/**
 * Takes the directory for this process.
 *
 * @returns {Promise<{holder: {pid: number}} | {publish: (url?: string) => Promise<void>,
 *   release: () => Promise<void>}>} who has it, or the means to say where to connect (or that one
 *   no longer can) and to let go
 */
export async function claim(directory) {
  const file = join(directory, `server.${process.pid}.${startOf(process.pid)}.json`);
  const write = async (content) => {
    await writeFile(`${file}.tmp`, JSON.stringify(content));
    await rename(`${file}.tmp`, file);
  };
  for (let attempt = 1; ; attempt++) {
    await write({ held: false });
    const others = (await claims(directory)).filter(({ pid }) => pid !== process.pid);
    if (others.length === 0) {
      await write({ held: true });
      return {
        publish: (url) => write({ held: true, url }),
        release: () => rm(file, { force: true }),
      };
    }
    await rm(file, { force: true });
    const holder = others.find(({ held }) => held);
    if (holder || attempt === ATTEMPTS) {
      return { holder: holder ?? others[0] };
    }
    await sleep(20 + Math.random() * 100);
  }
}

/** The server that has the directory, or undefined; its `url` is there once it is ready. */
export async function holderOf(directory) {
  return (await claims(directory)).find(({ held }) => held);
}

/** Claims of living processes; those of dead ones are removed. */
async function claims(directory) {
  const names = await readdir(directory).catch(() => []);
  const living = [];
  for (const name of names) {
    const [, pid, start] = CLAIM.exec(name) ?? [];
    if (pid === undefined) continue;
    if (isAlive(Number(pid), start)) {
      if (name.endsWith('.tmp')) continue;
      living.push({ pid: Number(pid), ...(await read(join(directory, name))) });
    } else {
      await rm(join(directory, name), { force: true });
    }
  }
  return living;
}

async function read(file) {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return {}; // withdrawn since we listed the directory
  }
}

function isAlive(pid, start) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code !== 'EPERM') return false;
  }
  return startOf(pid) === start;
}

/**
 * When a process started, so that a number used again is not taken for it; '0' if unknown. One
 * that ended but was not waited for yet counts as dead.
 */
function startOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [, state, ...fields] = stat.slice(stat.lastIndexOf(')')).split(' ');
    return state === 'Z' ? 'dead' : fields[18];
  } catch {
    return '0';
  }
}
