/**
 * A real JupyterLab, started as `npm run notebook` starts it, and a browser in front of it. Both are optional on a
 * machine: {@link missingForLab} says what is not there.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { findJupyterLab } from '../../lib/doctor/jupyter-lab.js';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
/** Headless, and without anything that asks for the network by itself. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** What a test in the browser lacks here, or null. */
export async function missingForLab(): Promise<string | null> {
  if (!CHROMIUM) return 'no Chromium on this machine';
  return (await findJupyterLab())?.recent ? null : 'no JupyterLab 4 on this machine';
}

export type Theme = 'light' | 'dark';

export interface OpenOptions {
  theme?: Theme;
  /** Pixels of the window; default 1440 x 900. */
  size?: { width: number; height: number };
}

export interface Lab {
  open(notebook: string, options?: OpenOptions): Promise<LabPage>;
  stop(): Promise<void>;
}

/** Starts JupyterLab on the project with settings of its own, so that those of whoever runs the test stay untouched. */
export async function startLab(): Promise<Lab> {
  const scratch = mkdtempSync(join(tmpdir(), 'llm-embedding-lab-'));
  const port = await freePort();
  const folder = (name: string): string => {
    mkdirSync(join(scratch, name), { recursive: true });
    return join(scratch, name);
  };
  const options = ['--no-browser', '--allow-root', '--ip=127.0.0.1', `--port=${port}`, '--IdentityProvider.token=test'];
  const server = spawn(process.execPath, [join(ROOT, 'dist/scripts/notebook/start.js'), ...options], {
    cwd: ROOT,
    env: {
      ...process.env,
      JUPYTER_CONFIG_DIR: folder('config'),
      JUPYTER_DATA_DIR: folder('data'),
      JUPYTER_RUNTIME_DIR: folder('runtime'),
      JUPYTERLAB_SETTINGS_DIR: folder('settings'),
      JUPYTERLAB_WORKSPACES_DIR: folder('workspaces'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await reachable(server, `http://127.0.0.1:${port}/api?token=test`).catch((error: unknown) => {
    server.kill('SIGTERM');
    throw error;
  });
  const browser = await chromium.launch({ executablePath: CHROMIUM, headless: true, args: FLAGS });
  return {
    async open(notebook, { theme = 'light', size = { width: 1440, height: 900 } } = {}) {
      setTheme(join(scratch, 'settings'), theme);
      const page = await browser.newPage({ viewport: size });
      await page.goto(`http://127.0.0.1:${port}/lab/tree/${notebook}?reset&token=test`, {
        waitUntil: 'domcontentloaded',
      });
      return labPage(page, browser);
    },
    async stop() {
      await browser.close();
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGTERM');
      await ended;
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}

export interface LabPage {
  page: Page;
  /** Problems that the page itself told. */
  errors: string[];
  /** Waits until the kernel is there and at rest; nobody chooses it. */
  ready(): Promise<void>;
  /** The code cell with this number, from 0. */
  cell(index: number): Locator;
  runAll(): Promise<void>;
  run(index: number): Promise<void>;
  /** Replaces the text of a cell, as typing would. */
  write(index: number, source: string): Promise<void>;
  /** Waits until a cell has ended. */
  done(index: number, timeout?: number): Promise<void>;
  pressStop(): Promise<void>;
  /** As a reader does, by the menu. */
  changeTheme(theme: Theme): Promise<void>;
  /** Watches the kernel's status from its first "busy" on. */
  watchStatus(): Promise<{ idleShare(): Promise<number> }>;
  text(index: number): Promise<string>;
  /** Scrolls a cell to the top and takes a picture of the window. */
  picture(path: string, index?: number): Promise<void>;
  close(): Promise<void>;
}

async function labPage(page: Page, _browser: Browser): Promise<LabPage> {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  const panel = page.locator('.jp-NotebookPanel:visible');
  await page.waitForSelector('.jp-NotebookPanel:visible .jp-Cell', { timeout: 90_000 });
  await page.waitForSelector('#jupyterlab-splash', { state: 'detached', timeout: 60_000 });
  const cell = (index: number): Locator => panel.locator('.jp-Notebook .jp-CodeCell').nth(index);
  // cells out of sight are not in the page until they are scrolled to
  const reach = async (index: number): Promise<Locator> => {
    const found = cell(index);
    await found.scrollIntoViewIfNeeded();
    return found;
  };
  return {
    page,
    errors,
    cell,
    async ready() {
      await panel
        .locator('.jp-Toolbar-kernelName', { hasText: 'TypeScript (llm-embedding)' })
        .waitFor({ timeout: 60_000 });
      await panel.locator('.jp-Notebook-ExecutionIndicator[data-status=idle]').waitFor({ timeout: 60_000 });
    },
    async runAll() {
      await page.locator('.lm-MenuBar-itemLabel', { hasText: /^Run$/ }).click();
      await page.locator('.lm-Menu-itemLabel', { hasText: /^Run All Cells$/ }).click();
    },
    async run(index) {
      await (await reach(index)).locator('.cm-content').click();
      await page.keyboard.press('Control+Enter');
    },
    async write(index, source) {
      await (await reach(index)).locator('.cm-content').click();
      await page.keyboard.press('Control+a');
      await page.keyboard.insertText(source);
    },
    async done(index, timeout = 60_000) {
      await cell(index)
        .locator('.jp-InputPrompt', { hasText: /\[\d+\]/ })
        .waitFor({ state: 'attached', timeout });
    },
    async watchStatus() {
      const indicator = panel.locator('.jp-Notebook-ExecutionIndicator');
      await indicator.evaluate((node) => {
        const seen = { busy: 0, idle: 0, trailing: 0 };
        Object.assign(globalThis, { kernelStates: seen });
        setInterval(() => {
          if (node.getAttribute('data-status') === 'busy') {
            seen.busy++;
            seen.idle += seen.trailing;
            seen.trailing = 0;
          } else if (seen.busy > 0) seen.trailing++;
        }, 20);
      });
      return {
        idleShare: () =>
          page.evaluate(() => {
            const { busy, idle } = (globalThis as unknown as { kernelStates: { busy: number; idle: number } })
              .kernelStates;
            return idle / (busy + idle);
          }),
      };
    },
    async pressStop() {
      await panel.locator('jp-button[data-command="notebook:interrupt-kernel"]').click();
    },
    async changeTheme(theme) {
      await page.locator('.lm-MenuBar-itemLabel', { hasText: /^Settings$/ }).click();
      await page.locator('.lm-Menu-itemLabel', { hasText: /^Theme$/ }).hover();
      await page.locator('.lm-Menu-itemLabel', { hasText: new RegExp(`^${themeName(theme)}$`) }).click();
      await page.locator(`body[data-jp-theme-light="${theme === 'light'}"]`).waitFor({ state: 'attached' });
    },
    async text(index) {
      // not the inner text, which cells out of sight do not have
      return (await cell(index).locator('.jp-OutputArea-output').allTextContents()).join('\n');
    },
    async picture(path, index) {
      if (index !== undefined) {
        await cell(index).evaluate((node) => node.scrollIntoView({ block: 'start' }));
        await page.waitForTimeout(600);
      }
      // away from what lights up below it
      await page.mouse.move(2, 2);
      mkdirSync(join(path, '..'), { recursive: true });
      await page.screenshot({ path });
    },
    async close() {
      await page.close();
    },
  };
}

/** As the reader's own setting. */
function setTheme(settings: string, theme: Theme): void {
  const folder = join(settings, '@jupyterlab', 'apputils-extension');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'themes.jupyterlab-settings'), JSON.stringify({ theme: themeName(theme) }));
}

function themeName(theme: Theme): string {
  return theme === 'dark' ? 'JupyterLab Dark' : 'JupyterLab Light';
}

async function reachable(server: ChildProcess, url: string): Promise<void> {
  let printed = '';
  for (const stream of [server.stdout, server.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
    });
  }
  for (let tries = 0; tries < 240; tries++) {
    if (server.exitCode !== null) throw new Error(`JupyterLab ended: ${printed.slice(-2000)}`);
    if (
      await fetch(url).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`JupyterLab does not answer: ${printed.slice(-2000)}`);
}

async function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
