// What an administrator does when something may be wrong, and what nobody else sees of it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launchBrowser, SIZES } from './support/browser.mjs';
import { newPerson, signUp } from './support/person.mjs';
import { startServer } from './support/server.mjs';

const JOURNEY_MS = 240_000;
/** The first values come with the first samples, rates with the second. */
const MEASURED_MS = 90_000;
const WHY = 'moving Redis to another machine';

let server;
let browser;

before(async () => {
  server = await startServer();
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const whoIs = async (page) => (await page.request.get('/api/auth/me')).json();

/** Signs up, and leaves the first question about style for later. */
async function arrive(page, name) {
  await page.goto('/app/sign-up');
  await signUp(page, name);
  await page.getByRole('link', { name: 'Skip', exact: true }).click();
  await page.getByRole('heading', { name: 'Wardrobe', exact: true }).waitFor();
}

/** The sidebar on a desk, the menu of the account on a phone. */
async function openPlace(page, size, name) {
  if (size === 'phone') {
    await page.getByRole('button', { name: /^Account of/ }).click();
    await page.getByRole('menuitem', { name }).click();
  } else {
    await page.getByRole('link', { name }).click();
  }
  await page.getByRole('heading', { name, level: 1 }).waitFor();
}

const panelOf = (page, title) => page.getByRole('region', { name: title, exact: true });

/** Whether the line of the first legend entry is on the canvas, in its colour. */
const isDrawn = (panel) =>
  panel.evaluate((section) => {
    const mark = section.querySelector('figure li span');
    const canvas = section.querySelector('canvas');
    if (!mark || !canvas) return false;
    const [r, g, b] = getComputedStyle(mark).color.match(/\d+/g).map(Number);
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    for (let at = 0; at < data.length; at += 4) {
      const distance =
        Math.abs(data[at] - r) + Math.abs(data[at + 1] - g) + Math.abs(data[at + 2] - b);
      if (data[at + 3] > 200 && distance < 12) return true;
    }
    return false;
  });

const momentOf = (panel) => panel.getByRole('slider').getAttribute('aria-valuetext');

/** Puts mouse or finger on the newest value: again where charts above grew and moved this one meanwhile. */
async function pointAt(page, size, panel) {
  const surface = panel.locator('.u-over');
  for (let tries = 0; tries < 10; tries += 1) {
    await surface.scrollIntoViewIfNeeded();
    const box = await surface.boundingBox();
    const [x, y] = [box.x + box.width - 4, box.y + box.height / 2];
    await (size === 'phone' ? page.touchscreen.tap(x, y) : page.mouse.move(x, y));
    const isMoved = await page
      .waitForFunction(
        (input) => !input.getAttribute('aria-valuetext').startsWith('Now'),
        await panel.getByRole('slider').elementHandle(),
        { timeout: 2_000 },
      )
      .catch(() => false);
    if (isMoved) return;
  }
  throw new Error('the crosshair does not follow');
}

/** Administrator is who comes first: one on each fresh server, so the sizes take turns in one account. */
test('an administrator watches the server', { timeout: JOURNEY_MS * 2 }, async (t) => {
  const first = await newPerson(browser, 'desktop', server.baseUrl);
  t.after(first.leave);
  await arrive(first.page, 'operator');
  const me = await whoIs(first.page);
  assert.equal(me.role, 'admin', 'this needs a server that nobody has used yet');
  const cookies = await first.page.context().cookies();

  for (const size of Object.keys(SIZES)) {
    const { page, look, complaints, leave } = await newPerson(browser, size, server.baseUrl);
    t.after(leave);
    await page.context().addCookies(cookies);
    await page.goto('/app/wardrobe');

    await t.test(`sees charts with data on a ${size}`, async () => {
      await openPlace(page, size, 'Monitoring');
      await page.getByText('15 min', { exact: true }).click();
      await page.getByLabel('Refresh', { exact: true }).selectOption('15s');
      await page.waitForURL(/range=15m&refresh=15s|refresh=15s&range=15m/);
      const uptime = panelOf(page, 'Uptime');
      await uptime.locator('canvas').waitFor({ timeout: MEASURED_MS });
      await uptime.scrollIntoViewIfNeeded();
      assert.match(await uptime.getByRole('listitem').first().innerText(), /\d/);
      // One value is a dot, two are a line: either is in the colour of the legend.
      assert.ok(await isDrawn(uptime), 'the chart of the uptime is empty');
      await page.getByTestId('health-part').first().waitFor();
      await page.waitForFunction(
        () => !document.querySelector('[data-testid=panel] [aria-label=Loading]'),
      );
      await look('monitoring');
    });

    await t.test(`reads all charts at one moment on a ${size}`, async () => {
      const memory = panelOf(page, 'Memory');
      await memory.locator('canvas').waitFor({ timeout: MEASURED_MS });
      await pointAt(page, size, memory);
      const moments = [];
      for (const title of ['Memory', 'Uptime']) {
        const text = await momentOf(panelOf(page, title));
        moments.push(text.split(/:(?= )/)[0]);
      }
      assert.notEqual(moments[0], 'Now');
      assert.equal(moments[0], moments[1]);
      await look('crosshair');
    });

    await t.test(`finds the PromQL behind a chart on a ${size}`, async () => {
      await page.getByRole('button', { name: 'PromQL of CPU' }).click();
      const dialog = page.getByRole('dialog', { name: 'CPU' });
      await dialog
        .getByText(/system_cpu_seconds_total/)
        .first()
        .waitFor();
      await look('promql');
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      await page.getByRole('tab', { name: 'Database' }).click();
      await page.waitForURL(/dashboard=database/);
      await page.getByText('7 d', { exact: true }).click();
      await page.waitForURL(/range=7d/);
      await page.getByTestId('panel').first().waitFor();
      assert.equal(await page.getByText('This chart could not be drawn').count(), 0);
    });

    await t.test(`tries a rule before it is one on a ${size}`, async () => {
      await openPlace(page, size, /^Alerts/);
      await page.getByRole('tab', { name: 'Rules' }).click();
      await page.getByTestId('rule').first().waitFor();
      await look('rules');
      await page.getByRole('button', { name: 'New rule' }).click();
      const dialog = page.getByRole('dialog', { name: 'New rule' });
      await dialog.getByLabel('Name', { exact: true }).fill('AlwaysUp');
      const expression = dialog.getByLabel('Fires when');
      await expression.fill('process_uptime_seconds >');
      await dialog.getByRole('button', { name: 'Preview' }).click();
      await dialog.getByText(/line 1, column \d+/).waitFor();
      await look('refused');
      await expression.fill('process_uptime_seconds > 0');
      await dialog.getByLabel('Holds for').fill('0s');
      await dialog.getByRole('button', { name: 'Preview' }).click();
      await dialog.getByText(/^It would have fired/).waitFor();
      await look('preview');
      await dialog.getByRole('button', { name: 'Cancel' }).click();
    });

    await t.test(`silences an alert and ends the silence on a ${size}`, async () => {
      await page.getByRole('tab', { name: 'Silences' }).click();
      await page.getByRole('button', { name: 'New silence' }).click();
      const dialog = page.getByRole('dialog', { name: 'New silence' });
      await dialog.getByLabel('Value 1').fill('RedisDown');
      await dialog.getByLabel('Why').fill(`${WHY}, ${size}`);
      await look('silence');
      await dialog.getByRole('button', { name: 'Silence', exact: true }).click();
      await dialog.waitFor({ state: 'detached' });
      const silence = (status) =>
        page.locator(`[data-testid=silence][data-status=${status}]`, {
          hasText: `${WHY}, ${size}`,
        });
      await silence('active').waitFor();
      await page.getByRole('button', { name: `End: ${WHY}, ${size}` }).click();
      await page.getByRole('button', { name: 'End it' }).click();
      await silence('expired').waitFor();
      await look('silenced');
    });

    await t.test(`finds who did what on a ${size}`, async () => {
      await openPlace(page, size, 'Operation');
      await page.getByTestId('audit-entry').first().waitFor();
      const account = page.getByRole('textbox', { name: 'Account' });
      await account.fill('nobody@example.org');
      await account.press('Enter');
      await page.getByText('There is no account with this e-mail address').waitFor();
      await look('no-account');
      await account.fill(me.email);
      await page.getByLabel('What was done').selectOption('sign-up');
      await page.getByRole('button', { name: 'Show', exact: true }).click();
      await page.getByText('1 entry, newest first.').waitFor();
      await page.getByTestId('audit-entry').locator('summary').click();
      await page.getByText(me.id).first().waitFor();
      await look('audit');
      await page.getByRole('button', { name: 'Clear' }).click();
      await page.waitForURL(/operation$/);
    });

    await t.test(`logs more for a while on a ${size}`, async () => {
      await page.getByRole('tab', { name: 'Log level' }).click();
      const level = page.getByLabel('Level or filter');
      const configured = await level.inputValue();
      await level.fill('info,hyper');
      await page.getByRole('button', { name: 'Change' }).click();
      await page.getByText('"hyper" is no part of a log filter').waitFor();
      await look('no-filter');
      await page.getByRole('button', { name: 'FlashFit in detail' }).click();
      await page.getByRole('button', { name: 'Change' }).click();
      await page.getByText(/^Changed, until/).waitFor();
      assert.equal(await page.getByTestId('level').innerText(), `${configured},flashfit=debug`);
      await look('more-log');
      await page.getByRole('button', { name: 'Reset' }).click();
      await page.getByText('This is what the configuration says.').waitFor();
      assert.equal(await level.inputValue(), configured);
    });

    // The browser reports what was refused on purpose.
    const others = complaints.filter(
      (complaint) => !/\/rules\/preview|nobody%40example|\/log-level/.test(complaint),
    );
    assert.deepEqual(others, [], 'the browser complained');
    await leave();
  }
});

test('nobody else sees any of it', { timeout: JOURNEY_MS }, async (t) => {
  const { page, look, complaints, leave } = await newPerson(browser, 'desktop', server.baseUrl);
  t.after(leave);
  await arrive(page, 'member');
  assert.equal((await whoIs(page)).role, 'member');
  assert.equal(await page.getByRole('link', { name: 'Monitoring' }).count(), 0);
  assert.equal(await page.getByRole('link', { name: /^Alerts/ }).count(), 0);
  assert.equal(await page.getByRole('link', { name: 'Operation' }).count(), 0);
  for (const path of ['/app/monitoring', '/app/alerts?tab=rules', '/app/operation?tab=log']) {
    await page.goto(path);
    await page.getByRole('heading', { name: 'This page is not yours to see' }).waitFor();
  }
  await look('not-yours');
  for (const path of [
    '/api/monitoring/dashboards',
    '/api/alerts',
    '/api/alerts/silences',
    '/api/admin/audit',
    '/api/admin/log-level',
  ]) {
    assert.equal((await page.request.get(path)).status(), 403, path);
  }
  assert.deepEqual(complaints, [], 'the browser complained');
});
