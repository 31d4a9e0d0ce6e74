// What a person does in the app, in the words of the interface.
import assert from 'node:assert/strict';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { SIZES } from './browser.mjs';

const SHOTS = fileURLToPath(new URL('../../../test-results/browser/', import.meta.url));
const RECOGNISED_MS = 180_000;

/** The one failure that is no failure: asking who is signed in while nobody is. */
const isExpected = (message) =>
  /401/.test(message.text()) && message.location().url.endsWith('/api/auth/me');

/** Pictures of an earlier run would only confuse. */
export const forgetPictures = () => rmSync(SHOTS, { recursive: true, force: true });

export async function newPerson(browser, size, baseUrl) {
  const context = await browser.newContext({
    ...SIZES[size],
    baseURL: baseUrl,
  });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() !== 'error' || isExpected(message)) return;
    complaints.push(`${message.text()} (${message.location().url})`);
  });
  mkdirSync(join(SHOTS, size), { recursive: true });
  let shots = 0;

  const look = async (name) => {
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - window.innerWidth,
    );
    assert.ok(overflow <= 0, `${name} is ${overflow} px wider than the ${size}`);
    shots += 1;
    const file = `${String(shots).padStart(2, '0')}-${name}.png`;
    await page.screenshot({ path: join(SHOTS, size, file) });
  };

  return { page, look, complaints, leave: () => context.close() };
}

/** Fills in the form for a new account; where it leads is for the caller to expect. */
export async function signUp(page, name) {
  const email = `${name}-${Date.now().toString(36)}@example.org`;
  await page.getByLabel('Name').fill('Ada');
  await page.getByLabel('E-mail').fill(email);
  await page.getByRole('textbox', { name: 'Password' }).fill('a rather long password');
  await page.getByRole('button', { name: 'Create account' }).click();
}

export async function uploadPhotos(page, photos) {
  await page.getByRole('button', { name: 'Add the first photos' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add photos' });
  await dialog.locator('input[type=file][multiple]').setInputFiles(photos);
  await dialog
    .getByTestId('upload-row')
    .nth(photos.length - 1)
    .waitFor();
}

/** Waits until no photo is on its way, and returns how each ended. */
export async function recognised(page, count) {
  await page.waitForFunction(
    (expected) => {
      const rows = [...document.querySelectorAll('[data-testid=upload-row]')];
      const over = ['ready', 'duplicate', 'problem'];
      return rows.length === expected && rows.every((row) => over.includes(row.dataset.status));
    },
    count,
    { timeout: RECOGNISED_MS },
  );
  return page
    .getByTestId('upload-row')
    .evaluateAll((rows) => rows.map((row) => row.dataset.status));
}

/** Waits until the pictures in these places are there. */
export async function picturesShown(places, count) {
  for (let at = 0; at < count; at += 1) {
    const picture = places.nth(at).locator('img');
    await picture.evaluate((img) => img.decode());
  }
}

/** The garments of a suggestion, in an order that does not matter. */
export async function garmentsOf(outfit) {
  const links = await outfit
    .getByRole('list', { name: 'Garments' })
    .getByRole('link')
    .evaluateAll((all) => all.map((link) => link.getAttribute('href')));
  return links.sort().join(' ');
}

export const garmentCount = async (page, count) =>
  page.getByText(`${count} garments`, { exact: true }).waitFor();
