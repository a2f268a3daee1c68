// A coordinator node goes away while pages are open, and comes back.
import assert from 'node:assert/strict';

export const steps = [];
const step = (name, body) => steps.push([name, body]);

/** What pages say where there is nothing. While nobody can know that, it would be a lie. */
const NOTHING = [
  'There are no state machines yet', 'No execution was started yet', 'No execution fits', 'It has no tags', 'No task queue is known yet',
  'There are no triggers', 'Nothing is running', 'There are no such dead letters', 'Nothing has happened since',
];

/** Keeps what a page has ever said of that, be it for a moment only. */
async function watch(page) {
  await page.evaluate((nothing) => {
    window.lies = [];
    const look = () => {
      const text = document.querySelector('main').textContent;
      window.lies.push(...nothing.filter((one) => text.includes(one) && !window.lies.includes(one)));
    };
    new MutationObserver(look).observe(document.body, { childList: true, characterData: true, subtree: true });
  }, NOTHING);
}

step('while the node is killed and started again what was there stays, marked as old; then all goes on', async ({ page, another, at, to, shoot, accessible, away, stack, seen, own }) => {
  if (own === undefined) {
    return 'SKIPPED: this stack is somebody else\'s';
  }
  const waits = await stack.machine(`outlives-${seen.id}`, { StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: 15, End: true } } });
  const execution = await stack.start(waits);
  const [running, queues, nodes, found, live] = await Promise.all(Array.from({ length: 5 }, another));
  const pages = [page, running, queues, nodes, found, live];
  await Promise.all([
    page.goto(to('machines', seen.orders)).then(() => page.getByRole('link', { name: `first-${seen.id}` }).waitFor()),
    running.goto(to('executions', execution)).then(() => running.locator('[data-state="Wait"][data-status=running]').waitFor()),
    queues.goto(at('/operations')).then(() => queues.getByRole('row').filter({ hasText: 'Concurrency: 7' }).waitFor()),
    nodes.goto(at('/operations?tab=nodes')).then(() => nodes.locator('tr[data-node]').waitFor()),
    found.goto(at(`/search?machine=orders-${seen.id}&status=FAILED`)).then(() => found.getByRole('row').filter({ hasText: 'Orders.TooSmall' }).first().waitFor()),
    live.goto(at('/live')).then(() => live.locator('[data-live=live]').waitFor()),
  ]);
  await stack.start(seen.orders, { total: 1 }, `before-${seen.id}`);
  await live.getByRole('row').filter({ hasText: `before-${seen.id}` }).first().waitFor();
  await Promise.all(pages.map(watch));
  return away(async () => {
    await own.kill();
    const old = (one) => one.getByText('Not up to date').first().waitFor();
    await Promise.all([old(running), old(queues), old(nodes), old(live), page.getByTestId('connection-lost').waitFor()]);
    assert.equal(await page.getByRole('link', { name: `first-${seen.id}` }).count(), 1);
    assert.equal(await running.locator('[data-state="Wait"]').getAttribute('data-status'), 'running');
    assert.equal(await queues.getByRole('row').filter({ hasText: 'Concurrency: 7' }).count(), 1);
    assert.equal(await nodes.locator('tr[data-node]').count(), 1);
    assert.equal(await live.locator('[data-live]').getAttribute('data-live'), 'lost');
    await shoot('stale');
    await accessible('not up to date');
    // What nobody has read yet can't be read now, and says so.
    await page.getByRole('tab', { name: 'Tags' }).click();
    await found.getByRole('button', { name: 'Search', exact: true }).click();
    await queues.getByRole('tab', { name: 'Dead letters' }).click();
    await Promise.all([page, found, queues].map((one) => one.getByRole('alert').first().waitFor()));
    assert.ok((await found.getByRole('row').filter({ hasText: 'Orders.TooSmall' }).count()) > 0);
    const gone = Date.now();
    await own.restart();
    const began = Date.now();
    await page.getByText('shop').waitFor();
    await page.getByTestId('connection-lost').waitFor({ state: 'detached' });
    await running.locator('[data-state="Wait"][data-status=succeeded]').waitFor({ timeout: 60_000 }).catch(async (error) => {
      // Whether the engine stands still or the page doesn't follow is two faults.
      const { status } = await stack.call('DescribeExecution', { executionArn: execution });
      throw new Error(`the page shows no end; by the API the execution is ${status}; the node said:\n${own.logged()}`, { cause: error });
    });
    await live.locator('[data-live=live]').waitFor();
    await stack.start(seen.orders, { total: 1 }, `after-${seen.id}`);
    await live.getByRole('row').filter({ hasText: `after-${seen.id}` }).filter({ hasText: 'Failed' }).waitFor();
    await page.getByRole('tab', { name: 'Executions' }).click();
    await page.getByRole('link', { name: `after-${seen.id}` }).waitFor();
    await nodes.getByText('Not up to date').waitFor({ state: 'detached' });
    assert.equal(await nodes.locator('tr[data-node]').count(), 1);
    for (const one of pages) {
      assert.deepEqual(await one.evaluate(() => window.lies), [], one.url());
    }
    return `it took ${began - gone} ms to start, and all was up to date ${Date.now() - began} ms later`;
  });
});
