// A page while its node is away, and when it is back.
import assert from 'node:assert/strict';

export const steps = [];
const step = (name, body) => steps.push([name, body]);

step('while the node is away what was there stays, marked as old; what runs is followed when it is back', async ({ page, another, to, shoot, away, context, stack, seen }) => {
  const waits = await stack.machine(`outlives-${seen.id}`, { StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: 8, End: true } } });
  const running = await another();
  await running.goto(to('executions', await stack.start(waits)));
  await running.locator('[data-state="Wait"][data-status=running]').waitFor();
  await page.goto(to('machines', seen.orders));
  await page.getByRole('link', { name: `first-${seen.id}` }).waitFor();
  return away(async () => {
    await context.setOffline(true);
    await running.getByText('Not up to date').first().waitFor();
    assert.equal(await running.locator('[data-state="Wait"]').getAttribute('data-status'), 'running');
    await page.getByTestId('connection-lost').waitFor();
    assert.equal(await page.getByRole('link', { name: `first-${seen.id}` }).count(), 1);
    await shoot('stale');
    await page.getByRole('tab', { name: 'Tags' }).click();
    await page.getByRole('alert').first().waitFor();
    assert.equal(await page.getByText('It has no tags.').count(), 0);
    const back = Date.now();
    await context.setOffline(false);
    await page.getByText('shop').waitFor();
    await page.getByTestId('connection-lost').waitFor({ state: 'detached' });
    await running.locator('[data-state="Wait"][data-status=succeeded]').waitFor({ timeout: 60_000 });
    await running.close();
    return `cut off; all was up to date ${Date.now() - back} ms later`;
  });
});
