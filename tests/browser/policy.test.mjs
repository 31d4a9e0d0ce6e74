// The content policy: every page works under it, and it does forbid what it should.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launchBrowser } from './support/browser.mjs';
import { newPerson, signUp } from './support/person.mjs';
import { startServer } from './support/server.mjs';

/** Where they lead, and a heading by which one knows that the page is there. */
const PAGES = [
  ['/app/wardrobe', 'Wardrobe'],
  ['/app/wear', 'What shall I wear?'],
  ['/app/week', 'My week'],
  ['/app/outfits', 'Outfits'],
  ['/app/taste', 'What FlashFit has learned'],
  ['/app/style', 'Your style'],
  ['/app/deleted', 'Recently deleted'],
  ['/app/account', 'Account'],
  ['/app/monitoring', 'Monitoring'],
  ['/app/alerts', 'Alerts'],
  ['/app/operation', 'Operation'],
  ['/app/operation?tab=log', 'Operation'],
  ['/runbook', 'Runbook'],
];

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

/** Somebody whose browser keeps what the policy stopped. */
async function watched(t) {
  const person = await newPerson(browser, 'desktop', server.baseUrl);
  t.after(person.leave);
  await person.page.addInitScript(() => {
    window.stopped = [];
    document.addEventListener('securitypolicyviolation', (event) =>
      window.stopped.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`),
    );
  });
  return person;
}

const stopped = (page) => page.evaluate(() => window.stopped);

test('no page asks for what the policy forbids', { timeout: 240_000 }, async (t) => {
  const { page, complaints } = await watched(t);
  await page.goto('/app/sign-up');
  await signUp(page, 'policy');
  await page.getByRole('heading', { name: 'Your style' }).waitFor();
  assert.deepEqual(await stopped(page), []);
  for (const [path, name] of PAGES) {
    await page.goto(path);
    await page.getByRole('heading', { name, level: 1 }).waitFor();
    assert.deepEqual(await stopped(page), [], path);
  }
  // A dialog brings a style of its own, which keeps the page behind it still.
  await page.goto('/app/account');
  await page.getByRole('button', { name: 'Delete my account' }).click();
  await page.getByRole('dialog').waitFor();
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).overflow), 'hidden');
  assert.deepEqual(await stopped(page), []);
  assert.deepEqual(complaints, [], 'the browser complained');
});

test("the API's own page works under a policy of its own", { timeout: 120_000 }, async (t) => {
  const { page, complaints } = await watched(t);
  await page.goto('/docs');
  const operation = page.locator('.opblock').first();
  await operation.waitFor();
  await operation.click();
  await page.locator('.opblock-body').first().waitFor();
  assert.deepEqual(await stopped(page), []);
  assert.deepEqual(complaints, [], 'the browser complained');
});

test('scripts and styles from elsewhere do not count', async (t) => {
  const { page } = await watched(t);
  await page.goto('/app/sign-in');
  await page.getByRole('heading', { level: 1 }).waitFor();
  const harmed = await page.evaluate(() => {
    const style = document.createElement('style');
    style.textContent = 'body { outline: 7px solid red }';
    const script = document.createElement('script');
    script.textContent = 'window.harmed = true';
    document.head.append(style, script);
    document.body.insertAdjacentHTML('beforeend', '<p id="marked" style="width: 7px">x</p>');
    const marked = getComputedStyle(document.getElementById('marked'));
    return [getComputedStyle(document.body).outlineWidth, window.harmed, marked.width === '7px'];
  });
  assert.notEqual(harmed[0], '7px');
  assert.deepEqual(harmed.slice(1), [undefined, false]);
  await page.waitForFunction(() => window.stopped.length >= 3);
});
