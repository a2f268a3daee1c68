// A browser of its own for steps that follow each other, with what they look at its page by.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const PATIENCE = 20_000;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export class Lane {
  /** What the browser complained of. */
  complaints = [];
  /** Calls that were refused: the browser's complaint doesn't tell which. */
  #refusals = [];
  #screenshots;
  #isAway = false;

  /** @param shared what all lanes have: the stack, what it knows by now, where pictures go */
  static async open(browser, { screenshots, ...shared }, storageState) {
    const lane = new Lane();
    Object.assign(lane, shared);
    lane.#screenshots = screenshots;
    lane.context = await browser.newContext({ viewport: { width: 1360, height: 860 }, locale: 'en-US', ...(storageState ? { storageState } : {}) });
    lane.context.setDefaultTimeout(PATIENCE);
    lane.page = await lane.another();
    return lane;
  }

  /** A page more, that is listened to as well. */
  another = async () => {
    const page = await this.context.newPage();
    page.on('console', (message) => message.type() === 'error' && !this.#isAway && this.complaints.push(message.text()));
    page.on('response', (response) => {
      if (response.status() >= 400) {
        const call = `${response.status()} ${response.url()} ${response.request().headers()['x-amz-target'] ?? ''}`;
        response.text().then((text) => this.#refusals.push(`${call}: ${text.slice(0, 300)}`), () => this.#refusals.push(call));
      }
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('dialog', (dialog) => {
      this.complaints.push(`a dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    return page;
  };

  at = (path) => `${this.stack.endpoint}/console${path}`;
  to = (kind, arn, query = '') => this.at(`/${kind}/${encodeURIComponent(arn)}${query}`);
  state = (name) => this.page.locator(`[data-state=${JSON.stringify(name)}]`);
  button = (name) => this.page.getByRole('button', { name, exact: true });
  tab = (name) => this.page.getByRole('tab', { name, exact: true });
  field = (name) => this.page.getByLabel(name, { exact: true });

  /**
   * A call that is refused makes the browser itself complain: of those that a step means to make. The page is left first, or
   * an answer that is still on its way would be the next step's.
   */
  forgive = async (pattern) => {
    await this.page.goto('about:blank');
    this.complaints = this.complaints.filter((one) => !pattern.test(one));
  };

  /** While there is no node the browser complains of that, as it should. */
  away = async (body) => {
    this.#isAway = true;
    try {
      return await body();
    } finally {
      this.#isAway = false;
    }
  };

  shoot = async (name, page = this.page) => {
    if (this.#screenshots) {
      // What is drawn smoothly is drawn to its end; nothing but the picture depends on it.
      await page.evaluate(() =>
        Promise.allSettled(document.getAnimations().filter((one) => one.effect?.getComputedTiming().iterations !== Infinity).map((one) => one.finished)));
      await page.screenshot({ path: join(this.#screenshots, `${name}.png`) });
    }
  };

  /** Axe's rules on the page as it is; in the dark those on colours, since nothing else differs. */
  accessible = async (what, page = this.page) => {
    if (!(await page.evaluate(() => 'axe' in window))) {
      await page.evaluate(axe);
    }
    for (const scheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme: scheme });
      await page.waitForSelector(`[data-mantine-color-scheme=${scheme}]`);
      const violations = await page.evaluate(async (only) => {
        const { violations: found } = await window.axe.run(document, { resultTypes: ['violations'], ...(only ? { runOnly: only } : {}) });
        return found
          .filter((one) => one.impact === 'serious' || one.impact === 'critical')
          .map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => `${node.target} ${node.failureSummary}`).join(' | ')}`);
      }, scheme === 'dark' ? ['color-contrast'] : undefined);
      assert.deepEqual(violations, [], `${what}, ${scheme}`);
    }
    await page.emulateMedia({ colorScheme: 'light' });
    await page.waitForSelector('[data-mantine-color-scheme=light]');
  };

  /** Nothing of a hostile text has become part of the page. */
  harmless = async (what) => {
    const found = await this.page.evaluate(() => ({
      pwned: window.pwned ?? null,
      elements: document.querySelectorAll('img[src=x], svg[onload], b, a[href^="javascript:"], script:not([src^="/console/"])').length,
    }));
    assert.deepEqual(found, { pwned: null, elements: 0 }, what);
  };

  /** Runs steps one after the other, up to one that fails. */
  run = async (steps) => {
    for (const [name, body] of steps) {
      const began = Date.now();
      try {
        const said = await body(this);
        assert.deepEqual(this.complaints, [], 'the browser complained');
        console.log(`ok      ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)${said ? `: ${said}` : ''}`);
      } catch (error) {
        console.error(`FAILED  ${name}: ${error.stack}\n${this.page.url()}\n${[...this.complaints, ...this.#refusals].join('\n')}`);
        if (this.#screenshots) {
          await this.page.screenshot({ path: join(this.#screenshots, 'failed.png') });
        }
        return false;
      }
    }
    return true;
  };
}
