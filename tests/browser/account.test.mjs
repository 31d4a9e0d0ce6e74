// One's own account, in a real browser: a password that is tried first, two devices, what was done, and one's data.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";

import { launchBrowser, SIZES } from "./support/browser.mjs";
import { newPerson } from "./support/person.mjs";
import { startServer } from "./support/server.mjs";

const PASSWORD = "a rather long password";

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

const passwordOf = (page) => page.getByRole("textbox", { name: "Password" });

for (const size of Object.keys(SIZES)) {
  test(
    `an account is looked after on a ${size}`,
    { timeout: 120_000 },
    async (t) => {
      const { page, look, complaints, leave } = await newPerson(
        browser,
        size,
        server.baseUrl,
      );
      t.after(leave);
      const email = `account-${size}@example.org`;

      await page.goto("/app/sign-up");
      await page.getByLabel("Name").fill("Ada");
      await page.getByLabel("E-mail").fill(email);
      await passwordOf(page).fill("password1234");
      await page.getByRole("button", { name: "Create account" }).click();
      await page
        .getByText(/easy to guess|guess/i)
        .first()
        .waitFor();
      await look("guessable");
      await passwordOf(page).fill(PASSWORD);
      await page.getByRole("button", { name: "Create account" }).click();
      await page.getByRole("heading", { name: "Your style" }).waitFor();

      const elsewhere = await newPerson(browser, "desktop", server.baseUrl);
      t.after(elsewhere.leave);
      await elsewhere.page.goto("/app/sign-in");
      await elsewhere.page.getByLabel("E-mail").fill(email);
      await passwordOf(elsewhere.page).fill(PASSWORD);
      await elsewhere.page.getByRole("button", { name: "Sign in" }).click();
      await elsewhere.page
        .getByRole("heading", { name: "Wardrobe", exact: true })
        .waitFor();

      await page.goto("/app/account");
      await page.getByText("This one").waitFor();
      await page.getByText("The account was made").waitFor();
      await look("account");
      await page
        .getByRole("button", { name: "Sign out everywhere else" })
        .scrollIntoViewIfNeeded();
      await look("sessions");
      await page
        .getByRole("button", { name: /^Sign out .+ on / })
        .first()
        .click();
      await page
        .getByRole("button", { name: "Sign out everywhere else" })
        .waitFor({ state: "detached" });
      await elsewhere.page.goto("/app/wardrobe");
      await elsewhere.page.waitForURL(/sign-in/);

      const download = page.waitForEvent("download");
      await page.getByRole("link", { name: "Download my data" }).click();
      const file = await (await download).path();
      assert.equal((await readFile(file)).subarray(0, 2).toString(), "PK");
      await page.reload();
      await page
        .getByText("Everything was taken along")
        .scrollIntoViewIfNeeded();
      await look("activity");
      const unexpected = complaints.filter(
        (line) => !line.includes("/api/auth/register"),
      );
      assert.deepEqual(unexpected, []);
    },
  );
}
