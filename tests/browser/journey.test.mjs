// The first day with FlashFit, in a real browser against a real server, on a phone and on a desk.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launchBrowser, SIZES } from './support/browser.mjs';
import {
  forgetPictures,
  garmentCount,
  garmentsOf,
  newPerson,
  picturesShown,
  recognised,
  signUp,
  uploadPhotos,
} from './support/person.mjs';
import { pickPhotos } from './support/photos.mjs';
import { startServer } from './support/server.mjs';

const PHOTOS = 12;
const PIECES = 12;
const JOURNEY_MS = 300_000;

let server;
let browser;
let photos;

before(async () => {
  forgetPictures();
  server = await startServer();
  photos = pickPhotos(PHOTOS);
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

for (const size of Object.keys(SIZES)) {
  test(`from photos to an outfit that adapts, on a ${size}`, { timeout: JOURNEY_MS }, async (t) => {
    const { page, look, complaints, leave } = await newPerson(browser, size, server.baseUrl);
    t.after(leave);
    // A step stands on the one before: the first that fails ends the journey, with a picture of it.
    const step = async (name, walk) => {
      try {
        await walk();
      } catch (error) {
        await look('failed').catch(() => undefined);
        throw new Error(`${name}: ${error.message}`, { cause: error });
      }
      t.diagnostic(name);
    };

    await step('register', async () => {
      await page.goto('/app/sign-up');
      await signUp(page, size);
      await page.getByRole('heading', { name: 'Your style' }).waitFor();
    });

    await step('say what one would wear', async () => {
      const pieces = page.getByTestId('piece');
      await pieces.nth(PIECES - 1).waitFor();
      await picturesShown(pieces, PIECES);
      await look('style');
      await page.getByRole('button', { name: 'A white shirt' }).click();
      // Twice is no.
      await page.getByRole('button', { name: 'A yellow puffer jacket' }).click();
      await page.getByRole('button', { name: 'A yellow puffer jacket' }).press('Enter');
      await page.getByRole('button', { name: 'A yellow puffer jacket Rather not' }).waitFor();
      await page.getByText(`2 of ${PIECES} answered`).waitFor();
      await look('chosen');
      await page.getByRole('button', { name: 'Done' }).click();
      await page.getByRole('heading', { name: 'Wardrobe', exact: true }).waitFor();
      await page.getByText('Your wardrobe is still empty').waitFor();
      await look('empty');
    });

    await step('upload photos and see them recognised', async () => {
      await uploadPhotos(page, photos);
      await look('uploading');
      const ends = await recognised(page, PHOTOS);
      assert.deepEqual(ends, Array(PHOTOS).fill('ready'));
      await look('uploaded');
      await page.getByRole('button', { name: 'Done' }).click();
      await garmentCount(page, PHOTOS);
      await page
        .locator('[data-testid=garment-card][data-state=ready]')
        .nth(PHOTOS - 1)
        .waitFor();
      await look('wardrobe');
    });

    await step('look at one garment', async () => {
      await page.getByTestId('garment-card').first().click();
      await page.getByRole('heading', { name: 'What FlashFit sees' }).waitFor();
      await page.getByRole('heading', { name: 'Colours' }).waitFor();
      await page.getByText(/\d %/).first().waitFor();
      await look('garment');
    });

    await step('ask for an outfit', async () => {
      await page.getByRole('link', { name: 'What shall I wear?' }).click();
      const occasions = page.getByRole('group', { name: 'What for?' });
      await occasions.getByText('Casual', { exact: true }).click();
      await page.getByRole('button', { name: 'Suggest outfits' }).click();
      await page.getByTestId('outfit').first().waitFor();
      assert.match(page.url(), /occasion=casual/);
      await page.getByTestId('outfit').first().getByText('Why this?').click();
      await page.getByTestId('outfit').first().getByText('Together').first().waitFor();
      await look('suggestions');
    });

    await step('dislike it and get a different one', async () => {
      const first = page.getByTestId('outfit').first();
      const disliked = await first.getAttribute('data-outfit');
      const before = await garmentsOf(first);
      await first.getByRole('button', { name: 'Not for me' }).click();
      await first.getByRole('button', { name: 'The colours' }).click();
      await page.waitForFunction(
        (id) => !document.querySelector(`[data-outfit="${id}"]`),
        disliked,
      );
      await first.waitFor();
      assert.notEqual(await garmentsOf(first), before);
      await look('another');
    });

    await step('wear it', async () => {
      const first = page.getByTestId('outfit').first();
      await first.getByRole('button', { name: 'Wear it' }).click();
      await first.getByText('You wear this').waitFor();
      await look('worn');
      await page.goto('/app/outfits?tab=worn');
      await page.getByTestId('outfit').first().waitFor();
      await page.goto('/app/taste');
      await page.getByTestId('lesson').nth(3).waitFor();
      await look('learned');
      await page.getByText('You would wear a white shirt.').waitFor();
      const puffer = 'You would rather not wear a yellow puffer jacket.';
      await page.getByRole('button', { name: `Take back: ${puffer}` }).click();
      await page.getByText(puffer).waitFor({ state: 'detached' });
      await page.getByRole('link', { name: 'Your style' }).click();
      await page.getByRole('button', { name: 'A white shirt I’d wear it' }).waitFor();
      await page.getByText(`1 of ${PIECES} answered`).waitFor();
    });

    await step('plan three days, change one, and find them again', async () => {
      await page.getByRole('link', { name: 'My week' }).click();
      await page.getByLabel('For', { exact: true }).selectOption('3');
      await page.getByRole('button', { name: 'Every day the weather of the first' }).click();
      await look('week-asked');
      await page.getByRole('button', { name: 'Plan my week' }).click();
      const outfits = page.getByTestId('outfit');
      await outfits.nth(2).waitFor();
      await look('week');
      const idOf = (at) => outfits.nth(at).getAttribute('data-outfit');
      const before = [await idOf(0), await idOf(1), await idOf(2)];
      const garments = await garmentsOf(outfits.nth(1));
      await outfits.nth(1).getByRole('button', { name: 'Another one' }).click();
      await page.waitForFunction(
        (id) => !document.querySelector(`[data-outfit="${id}"]`),
        before[1],
      );
      assert.notEqual(await garmentsOf(outfits.nth(1)), garments);
      const after = [await idOf(0), await idOf(1), await idOf(2)];
      assert.deepEqual([after[0], after[2]], [before[0], before[2]]);
      await page.reload();
      await outfits.nth(2).waitFor();
      assert.deepEqual([await idOf(0), await idOf(1), await idOf(2)], after);
      await look('week-again');
    });

    await step('delete a garment, undo, and delete it again', async () => {
      await page.goto('/app/wardrobe');
      await garmentCount(page, PHOTOS);
      await page.getByTestId('garment-card').first().click();
      await page.getByRole('button', { name: 'Delete' }).click();
      await garmentCount(page, PHOTOS - 1);
      await look('deleted');
      await page.getByRole('button', { name: 'Undo' }).click();
      await garmentCount(page, PHOTOS);
      await page.getByTestId('garment-card').first().click();
      await page.getByRole('button', { name: 'Delete' }).click();
      await garmentCount(page, PHOTOS - 1);
      await page.goto('/app/deleted');
      await page
        .getByRole('button', { name: /^Restore/ })
        .first()
        .waitFor();
      await look('recently-deleted');
    });

    assert.deepEqual(complaints, [], 'the browser complained');
  });
}

test('a deep link asks to sign in first, and then leads there', async (t) => {
  const { page, leave } = await newPerson(browser, 'desktop', server.baseUrl);
  t.after(leave);
  await page.goto('/app/wear?occasion=work&temperature=8&wet=true');
  await page.waitForURL(/\/app\/sign-(in|up)\?next=/);
  if (page.url().includes('/sign-in')) {
    await page.getByRole('link', { name: 'Create an account' }).click();
  }
  await signUp(page, 'linked');
  await page.waitForURL('**/app/wear?occasion=work&temperature=8&wet=true');
  await page.getByRole('heading', { name: 'What shall I wear?' }).waitFor();
});

test('a wrong password neither signs out nor deletes, the right one does', async (t) => {
  const { page, leave } = await newPerson(browser, 'desktop', server.baseUrl);
  t.after(leave);
  await page.goto('/app/sign-up');
  await signUp(page, 'leaving');
  await page.getByRole('link', { name: 'Skip', exact: true }).click();
  await page.getByRole('heading', { name: 'Wardrobe', exact: true }).waitFor();
  await page.goto('/app/account');
  await page.getByRole('textbox', { name: 'Current password' }).fill('not the password');
  await page.getByRole('textbox', { name: 'New password' }).fill('another long password');
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByText('The current password is wrong').waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Account', exact: true }).waitFor();

  await page.getByRole('button', { name: 'Delete my account' }).click();
  const dialog = page.getByRole('dialog');
  for (const [password, isRight] of [
    ['not the password', false],
    ['a rather long password', true],
  ]) {
    await dialog.getByRole('textbox', { name: 'Password' }).fill(password);
    await dialog.getByRole('button', { name: 'Delete everything' }).click();
    if (!isRight) await dialog.getByText('The account is not deleted').waitFor();
  }
  await page.waitForURL('**/app/sign-in');
});
