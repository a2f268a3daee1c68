// What operators look at and change.
import assert from 'node:assert/strict';
import { HOSTILE } from '../stack.mjs';

export const steps = [];
const step = (name, body) => steps.push([name, body]);

step('a task that waits for its token is answered from the page', async ({ page, to, state, button, shoot, accessible, harmless, stack, seen }) => {
  const [img, script] = HOSTILE;
  const asked = await stack.machine(`asked-${seen.id}`, { StartAt: 'Asked', States: { Asked: { Type: 'Pass', End: true } } });
  const machine = await stack.machine(`approval-${seen.id}`, {
    StartAt: img,
    States: {
      [img]: {
        Type: 'Task', Resource: 'arn:aws:states:::states:startExecution.waitForTaskToken',
        Parameters: { StateMachineArn: asked, Input: { 'token.$': '$$.Task.Token', question: script } }, End: true,
      },
    },
  });
  const [approved, refused] = await Promise.all([stack.start(machine), stack.start(machine)]);
  const dialog = page.getByRole('dialog');
  await page.goto(to('executions', approved, `?state=${encodeURIComponent(img)}`));
  await button('Send success').click();
  assert.ok((await dialog.getByLabel('Task token').inputValue()).length > 80);
  await dialog.getByLabel('Output (JSON)').fill('{"approved": true}');
  await shoot('task-token');
  await accessible('task token');
  await harmless('task token');
  await dialog.getByRole('button', { name: 'Send success' }).click();
  assert.deepEqual(JSON.parse((await stack.ended(approved)).output), { approved: true });
  await state(img).and(page.locator('[data-status=succeeded]')).waitFor();
  await page.goto(to('executions', refused, `?state=${encodeURIComponent(img)}`));
  await button('Send failure').click();
  await dialog.getByLabel('Error', { exact: true }).fill(img);
  await dialog.getByLabel('Cause', { exact: true }).fill(script);
  await dialog.getByRole('button', { name: 'Send failure' }).click();
  await page.getByTestId('errors-first').getByText(script).waitFor();
  await harmless('an answer to a task');
  assert.equal((await stack.ended(refused)).error, img);
});

step('executions are charted, nodes and partitions shown, what is stuck is explained', async ({ page, at, to, shoot, accessible, seen }) => {
  await page.goto(to('machines', seen.orders, '?tab=metrics'));
  const legend = page.getByTestId('legend').first();
  await legend.getByText(/^\s*Failed: [1-9]/).waitFor();
  await page.locator('.chart canvas').nth(1).waitFor();
  await page.waitForFunction(() => {
    const canvas = document.querySelector('.chart canvas');
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    // The lines are coloured, axes and grid are grey.
    return data.some((_, index) => index % 4 === 0 && data[index + 3] > 200 && Math.abs(data[index] - data[index + 2]) > 60);
  });
  await shoot('metrics');
  await accessible('metrics');
  await page.goto(at('/operations?tab=nodes'));
  const partitions = page.getByRole('table', { name: 'Partitions' });
  await partitions.getByRole('row').filter({ hasText: 'standard lane' }).nth(1).waitFor();
  assert.equal(await page.locator('tr[data-node]').count(), 1);
  await partitions.getByRole('button', { name: 'Waiting records' }).click();
  await partitions.locator('th[aria-sort=ascending]').waitFor();
  await shoot('nodes');
  await accessible('nodes');
  await page.goto(at('/operations?tab=stuck&quiet=1'));
  await page.getByText(/^Looked at are/).waitFor();
  await page.getByText(/stands out\.$/).or(page.getByRole('table', { name: 'Stuck?' })).waitFor();
  await accessible('stuck');
});

step('dead letters are looked at as text, redriven once, discarded', async ({ page, at, shoot, accessible, harmless, stack, own }) => {
  if (own === undefined) {
    return 'SKIPPED: the broker of this stack is not known';
  }
  await own.publishUnreadable(HOSTILE.slice(0, 5).join(' '), 'no start');
  await page.goto(at('/operations?tab=letters&topic=stepstream.start-execution'));
  const rows = page.locator('tr[data-letter]');
  await rows.filter({ hasText: 'onerror' }).first().waitFor();
  await harmless('dead letters');
  await shoot('dead-letters');
  await accessible('dead letters');
  const hostile = await rows.filter({ hasText: 'onerror' }).first().getAttribute('data-letter');
  await page.locator(`tr[data-letter="${hostile}"]`).getByRole('button').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('region', { name: 'Value' }).getByText(HOSTILE[1], { exact: false }).waitFor();
  await harmless('a dead letter');
  await accessible('a dead letter');
  await dialog.getByRole('button', { name: 'Redrive' }).click();
  await page.getByText('The record is published again').waitFor();
  await dialog.getByRole('button', { name: 'Redrive' }).click();
  await page.locator(`tr[data-letter="${hostile}"]`).waitFor({ state: 'detached' });
  assert.equal((await stack.rest('GET', `/dead-letters/${hostile}`)).state, 'redriven');
  // It is as unreadable as before, and comes back as another letter.
  const plain = await rows.filter({ hasText: 'no start' }).first().getAttribute('data-letter');
  await page.locator(`tr[data-letter="${plain}"]`).getByRole('button').click();
  await dialog.getByRole('button', { name: 'Discard' }).click();
  await page.getByText('It is no longer listed').waitFor();
  await dialog.getByRole('button', { name: 'Discard' }).click();
  await page.locator(`tr[data-letter="${plain}"]`).waitFor({ state: 'detached' });
});

step('executions are searched by content, with the filter in the address', async ({ page, at, button, field, shoot, accessible, forgive, seen }) => {
  await page.goto(at('/search'));
  await field('Content').fill('cause:minimum');
  await field('State machine').fill(`orders-${seen.id}`);
  await button('Search').click();
  await page.getByRole('row').filter({ hasText: 'Orders.TooSmall' }).first().waitFor();
  assert.match(page.url(), /q=cause%3Aminimum/);
  await shoot('search');
  await accessible('search');
  await page.reload();
  await page.getByRole('row').filter({ hasText: 'Orders.TooSmall' }).first().waitFor();
  await field('Content').fill('input.(');
  await button('Search').click();
  await page.getByRole('alert').waitFor();
  await forgive(/status of 400/);
});

step('several executions are stopped at once', async ({ page, at, button, field, shoot, accessible, stack, seen }) => {
  const machine = await stack.machine(`bulk-${seen.id}`, { StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 600, End: true } } });
  const arns = await Promise.all([1, 2, 3].map(() => stack.start(machine)));
  await page.goto(at(`/search?machine=bulk-${seen.id}&status=RUNNING`));
  await page.waitForFunction(() => {
    if (document.querySelectorAll('tbody tr').length === 3) {
      return true;
    }
    [...document.querySelectorAll('button')].find((one) => one.textContent === 'Search')?.click();
    return false;
  }, undefined, { polling: 500 });
  await field('All').check();
  await button('Stop selected').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Stop selected' }).click();
  for (const arn of arns) {
    assert.equal((await stack.ended(arn)).status, 'ABORTED');
  }
  await page.locator('tr[data-state=completed]').filter({ hasText: '3 / 0 / 0' }).waitFor();
  await shoot('bulk');
  await accessible('bulk operations');
});

step('the live tail shows what begins and ends', async ({ page, at, shoot, accessible, stack, seen }) => {
  const machine = await stack.machine(`followed-${seen.id}`, { StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: 1, Next: 'No' }, No: { Type: 'Fail', Error: 'No' } } });
  await page.goto(at(`/live?machine=followed-${seen.id}`));
  await page.locator('[data-live=live]').waitFor();
  await stack.start(machine, {}, `tail-${seen.id}`);
  await page.getByRole('row').filter({ hasText: `tail-${seen.id}` }).filter({ hasText: 'Failed' }).waitFor();
  await page.getByRole('row').filter({ hasText: `tail-${seen.id}` }).filter({ hasText: 'Running' }).waitFor();
  await shoot('live');
  await accessible('live');
});

step('queues are limited, triggers paused and resumed', async ({ page, at, button, shoot, accessible, stack, seen }) => {
  await stack.rest('POST', '/triggers', { name: `after-${seen.id}`, topic: 'stepstream.completions', stateMachineArn: seen.orders, filter: '{% false %}' });
  await page.goto(at('/operations'));
  await button('Change: lambda').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Concurrency').fill('7');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('row').filter({ hasText: 'Concurrency: 7' }).waitFor();
  await button(`Pause: after-${seen.id}`).click();
  await page.getByRole('row').filter({ hasText: `after-${seen.id}` }).filter({ hasText: 'Paused' }).waitFor();
  await shoot('operations');
  await accessible('operations');
  await button(`Resume: after-${seen.id}`).click();
  await page.getByRole('row').filter({ hasText: `after-${seen.id}` }).filter({ hasText: 'Running' }).waitFor();
});

step('a Map run\'s limits are changed while it runs', async ({ page, to, state, button, field, stack, seen }) => {
  const machine = await stack.machine(`slow-${seen.id}`, {
    StartAt: 'Each',
    States: {
      Each: {
        Type: 'Map', ItemsPath: '$', MaxConcurrency: 1,
        ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' }, StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 2, End: true } } }, End: true,
      },
    },
  });
  const execution = await stack.start(machine, Array.from({ length: 20 }, (_, index) => index));
  await page.goto(to('executions', execution));
  await state('Each').getByRole('button').first().click();
  await page.getByRole('link', { name: 'Map run' }).click();
  const concurrency = field('Concurrency (0: no limit)');
  await concurrency.fill('20');
  await button('Save').click();
  await page.locator('[data-rollup]').filter({ hasText: '20: 20 ok' }).waitFor({ timeout: 30_000 });
  await page.getByText('The run has ended').waitFor();
  const arn = decodeURIComponent(page.url().split('/map-runs/')[1]);
  assert.equal((await stack.call('DescribeMapRun', { mapRunArn: arn })).maxConcurrency, 20);
});
