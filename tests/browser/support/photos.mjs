// Twelve photos a person would upload: of many kinds, so that outfits can be made of them.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SHARED = fileURLToPath(
  new URL('../../../../shared/data/clothing/originals', import.meta.url),
);

function exportedGarments() {
  const binary = process.env.FLASHFIT_BIN;
  if (!binary) throw new Error('no photos: set PHOTOS, or FLASHFIT_BIN to have garments drawn');
  const folder = mkdtempSync(join(tmpdir(), 'flashfit-garments-'));
  execFileSync(binary, ['demo', '--export', folder], { stdio: 'inherit' });
  return folder;
}

function folderOfPhotos() {
  const folder = process.env.PHOTOS ?? SHARED;
  if (existsSync(folder)) return folder;
  console.warn(`\n!!! ${folder} is absent: the test runs on DRAWN garments, not on photos !!!\n`);
  return exportedGarments();
}

/** File names such as `291_pants_307e.jpg` tell the kind between the underscores. */
const kindOf = (name) => name.split(/[_-]/)[1] ?? name;

/** @returns {string[]} paths, taking one of each kind in turn */
export function pickPhotos(count) {
  const folder = folderOfPhotos();
  const kinds = new Map();
  for (const name of readdirSync(folder).sort()) {
    if (!/\.(jpe?g|png|webp)$/i.test(name)) continue;
    const kind = kindOf(name);
    kinds.set(kind, [...(kinds.get(kind) ?? []), join(folder, name)]);
  }
  const picked = [];
  for (let round = 0; picked.length < count; round += 1) {
    const row = [...kinds.values()].flatMap((paths) => paths.slice(round, round + 1));
    if (row.length === 0) throw new Error(`${folder} holds only ${picked.length} photos`);
    picked.push(...row);
  }
  return picked.slice(0, count);
}
