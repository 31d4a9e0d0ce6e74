// The real server: one that runs already (BASE_URL), or one started for this test (FLASHFIT_BIN).
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const START_MS = 120_000;
const STOP_MS = 20_000;

/** @returns {Promise<{ baseUrl: string, stop: () => Promise<void> }>} */
export async function startServer() {
  if (process.env.BASE_URL) {
    return {
      baseUrl: process.env.BASE_URL.replace(/\/$/, ''),
      stop: async () => undefined,
    };
  }
  const binary = process.env.FLASHFIT_BIN;
  if (!binary) throw new Error('set FLASHFIT_BIN (a built flashfit) or BASE_URL (a running one)');
  const data = await mkdtemp(join(tmpdir(), 'flashfit-browser-'));
  const child = spawn(binary, ['serve', '--embedded', '--data', data, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = [];
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await ended;
      clearTimeout(timer);
    }
    await rm(data, { recursive: true, force: true });
  };
  try {
    const baseUrl = await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('the server did not start')), START_MS);
      const read = (chunk) => {
        log.push(String(chunk));
        const found = /listening on (https?:\/\/[\w.:[\]-]+)/.exec(log.join(''));
        if (!found) return;
        clearTimeout(timer);
        resolve(found[1]);
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
    });
    return { baseUrl, stop };
  } catch (error) {
    await stop();
    throw new Error(`${error.message}\n${log.join('')}`, { cause: error });
  }
}
