// Chromium through playwright-core, which lives among the web app's packages.
import { createRequire } from 'node:module';

const fromWeb = createRequire(new URL('../../../web/package.json', import.meta.url));
const { chromium } = fromWeb('playwright-core');

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const launchBrowser = () =>
  chromium.launch({
    executablePath: process.env.FLASHFIT_CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: FLAGS,
  });

export const SIZES = {
  phone: {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  },
  desktop: { viewport: { width: 1280, height: 800 } },
};
