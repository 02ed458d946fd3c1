import { defineConfig, devices } from '@playwright/test';

/**
 * Runs against a stack that is already up; BASE_URL says where. The browser is the system's Chromium. Files run beside each other, so each
 * one that writes has a restaurant of its own: desk.spec Olive & Ember, live.spec The Cookie Jar.
 */
const launchOptions = {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  // There is no GPU here, and one emulated by the processor costs more than none.
  args: ['--no-sandbox', '--disable-gpu'],
};

export default defineConfig({
  testDir: 'e2e',
  timeout: 120_000,
  expect: { timeout: 15_000 },
  fullyParallel: false,
  workers: Number(process.env.E2E_WORKERS ?? 2),
  forbidOnly: true,
  reporter: [['list']],
  use: {
    baseURL: process.env.BASE_URL ?? 'http://127.0.0.1:3000',
    launchOptions,
    contextOptions: { reducedMotion: 'reduce' },
    // Each test is a first visit: 700 KB kept for later would be fetched each time. The tests of the worker allow it.
    serviceWorkers: 'block',
    // Pictures of every moment are most of what a trace costs.
    trace: { mode: 'retain-on-failure', screenshots: false, sources: false },
    screenshot: 'only-on-failure',
  },
  projects: [
    { name: 'desktop', use: { viewport: { width: 1280, height: 800 } }, testIgnore: /phone/ },
    {
      name: 'phone',
      use: { ...devices['Pixel 7'], viewport: { width: 390, height: 844 } },
      testMatch: /phone/,
    },
  ],
});
