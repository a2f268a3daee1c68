// Steps that take times, with nothing beside them.
import assert from 'node:assert/strict';

export const steps = [];
const step = (name, body) => steps.push([name, body]);

step('10,000 items of a Map run: every interaction below 200 ms', async ({ page, to, state, shoot, accessible, seen }) => {
  await page.goto(to('executions', seen.many));
  await state('Each').getByRole('button').first().click();
  await page.getByRole('link', { name: 'Map run' }).click();
  await page.locator('[data-rollup]').filter({ hasText: '10000: 9990 ok, 10 failed, 0 running' }).waitFor({ timeout: 60_000 });
  await page.locator('[role=list][data-count="10000"]').waitFor({ timeout: 30_000 });
  await shoot('map-run');
  const slowest = await page.evaluate(async () => {
    const list = document.querySelector('[role=list][data-count]');
    const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    let most = 0;
    for (const place of [0.1, 0.5, 0.99, 0.3]) {
      // The best of three: what the page takes, and not what else the machine does.
      let best = Infinity;
      for (let time = 0; time < 3; time++) {
        list.scrollTop = 0;
        await painted();
        const from = performance.now();
        list.scrollTop = list.scrollHeight * place;
        list.dispatchEvent(new Event('scroll'));
        await painted();
        await painted();
        best = Math.min(best, performance.now() - from);
      }
      most = Math.max(most, best);
    }
    return most;
  });
  assert.ok(slowest < 200, `scrolling took ${slowest} ms`);
  assert.ok((await page.locator('.child-row').count()) < 100);
  await accessible('Map run');
  await page.getByRole('combobox', { name: 'Status' }).click();
  await page.getByRole('option', { name: 'Failed' }).click();
  await page.locator('[role=list][data-count="10"]').waitFor();
  assert.match(page.url(), /status=FAILED/);
  return `the slowest interaction took ${Math.round(slowest)} ms`;
});
