// An execution from its start to its end, and what is looked at in it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { HOSTILE } from '../stack.mjs';

export const steps = [];
const step = (name, body) => steps.push([name, body]);

step('a machine is found by its name', async ({ page, at, field, shoot, accessible, seen }) => {
  await page.goto(at('/'));
  await field('Find by name').fill(`ORDERS-${seen.id}`);
  await page.getByRole('link', { name: `orders-${seen.id}` }).waitFor();
  assert.equal(await page.getByRole('link', { name: `other-${seen.id}` }).count(), 0);
  await shoot('machines');
  await accessible('machines');
  await page.getByRole('link', { name: `orders-${seen.id}` }).click();
  await page.getByRole('heading', { name: `orders-${seen.id}` }).waitFor();
});

step('an execution is started and turns green as it goes', async ({ page, state, button, shoot, stack, seen }) => {
  await button('Start execution').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Input').fill('{"total": }');
  assert.equal(await dialog.getByRole('button', { name: 'Start execution' }).isDisabled(), true);
  await dialog.getByLabel('Input').fill('{"total": 120, "items": [1, 2, 3]}');
  await dialog.getByLabel('Name').fill(`first-${seen.id}`);
  await dialog.getByRole('button', { name: 'Start execution' }).click();
  await page.waitForURL(/executions/);
  seen.first = decodeURIComponent(page.url().split('/executions/')[1]);
  await page.waitForFunction(() => ['Charge', 'Pack and charge'].every((name) => document.querySelector(`[data-state="${name}"][data-status=running]`)));
  await shoot('execution-running');
  await page.locator('[data-state="Done"][data-status=succeeded]').waitFor();
  await page.getByRole('heading', { name: `first-${seen.id}` }).waitFor();
  const behind = Date.now() - Math.round((await stack.ended(seen.first)).stopDate * 1000);
  for (const name of ['Check', 'Pack and charge', 'Charge', 'Pack items', 'Pack']) {
    assert.equal(await state(name).getAttribute('data-status'), 'succeeded', name);
  }
  assert.equal(await state('Refuse').getAttribute('data-status'), 'none');
  await page.locator('.status-succeeded').first().waitFor();
  return `the last state was green ${behind} ms after the end at most`;
});

step('states, iterations, timeline and events can be looked at, and linked to', async ({ page, state, button, tab, field, shoot, accessible }) => {
  await state('Pack items').getByRole('button').first().click();
  await page.locator('[data-rollup]').filter({ hasText: '3: 3 ok, 0 failed' }).waitFor();
  await button('Item 1').click();
  assert.match(page.url(), /it\.Pack(\+|%20)items=1/);
  await state('Pack').getByRole('button').first().click();
  await page.getByRole('region', { name: 'Input' }).getByText('2', { exact: true }).waitFor();
  await shoot('execution');
  await accessible('execution, graph');
  await tab('Timeline').click();
  assert.equal(await page.locator('.timeline-row').count(), 8);
  await shoot('timeline');
  await accessible('execution, timeline');
  await tab('Events').click();
  await field('Find in events').fill('pack items');
  await page.getByRole('status').filter({ hasText: / of \d+ events/ }).waitFor();
  const row = page.getByRole('row').filter({ hasText: 'MapStateEntered' });
  await row.getByRole('button').click();
  await shoot('events');
  await accessible('execution, events');
  const link = page.url();
  await page.goto('about:blank');
  await page.goto(link);
  await page.locator('.event-row.selected').waitFor();
  assert.equal(await field('Find in events').inputValue(), 'pack items');
});

step('a failure tells its state, error and cause first, and is redriven', async ({ page, to, button, shoot, accessible, stack, seen }) => {
  const { activityArn } = await stack.call('CreateActivity', { name: `charge-${seen.id}` });
  const machine = await stack.machine(`payment-${seen.id}`, {
    StartAt: 'Charge card',
    States: { 'Charge card': { Type: 'Task', Resource: activityArn, Next: 'Paid' }, Paid: { Type: 'Pass', End: true } },
  });
  seen.payment = await stack.start(machine, { card: '4711' }, `payment-${seen.id}`);
  const given = await stack.call('GetActivityTask', { activityArn });
  await stack.call('SendTaskFailure', { taskToken: given.taskToken, error: 'Card.Declined', cause: 'The bank said no' });
  await stack.ended(seen.payment);
  const began = Date.now();
  await page.goto(to('executions', seen.payment));
  const first = page.getByTestId('errors-first');
  await first.getByText('The bank said no').waitFor();
  await first.getByRole('button', { name: 'Charge card' }).waitFor();
  const took = Date.now() - began;
  assert.match(await first.innerText(), /Card\.Declined[\s\S]*It failed in\s+Charge card\s+at the only attempt/);
  await page.locator('[data-state="Charge card"][data-status=failed]').waitFor();
  await first.getByRole('button', { name: 'Charge card' }).click();
  await page.getByRole('region', { name: 'State Charge card' }).getByText('4711').first().waitFor();
  await shoot('failure');
  await accessible('failure');
  await button('Redrive').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Redrive' }).click();
  await page.locator('[data-state="Charge card"][data-status=running]').waitFor();
  const again = await stack.call('GetActivityTask', { activityArn });
  await stack.call('SendTaskSuccess', { taskToken: again.taskToken, output: '"paid"' });
  await page.locator('[data-state="Paid"][data-status=succeeded]').waitFor();
  await page.locator('.status-succeeded').first().waitFor();
  assert.equal(await page.getByTestId('errors-first').count(), 0);
  return `the cause was there ${took} ms after the address was opened`;
});

step('an execution is started again with another input, and one is stopped', async ({ page, to, button, stack, seen }) => {
  await page.goto(to('executions', seen.first));
  await button('Start again…').click();
  const dialog = page.getByRole('dialog');
  assert.match(await dialog.getByLabel('Input').inputValue(), /"total": ?120/);
  await dialog.getByLabel('Input').fill('{"total": 12, "items": []}');
  await dialog.getByRole('button', { name: 'Start execution' }).click();
  await page.locator('[data-state="Refuse"]').waitFor();
  await page.getByTestId('errors-first').getByText('The total is below the minimum').waitFor();
  await page.goto(to('machines', seen.orders));
  await button('Start execution').click();
  await button('Take the input of the last execution').click();
  assert.match(await dialog.getByLabel('Input').inputValue(), /"total": 12,/);
  await page.goBack();
  await page.getByTestId('errors-first').waitFor();
  seen.refused = decodeURIComponent(page.url().split('/executions/')[1].split('?')[0]);
  const waits = await stack.machine(`waits-${seen.id}`, { StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: 600, End: true } } });
  const waiting = await stack.start(waits);
  await page.goto(to('executions', waiting));
  await page.locator('[data-state="Wait"][data-status=running]').waitFor();
  await button('Stop').click();
  await page.getByRole('dialog').getByLabel('Cause').fill('not needed');
  await page.getByRole('dialog').getByRole('button', { name: 'Stop' }).click();
  await page.locator('[data-state="Wait"][data-status=aborted]').waitFor();
  assert.equal((await stack.ended(waiting)).cause, 'not needed');
});

step('hostile text is text everywhere', async ({ page, at, to, state, harmless, forgive, stack, seen }) => {
  const [img, script, link, svg, template, control] = HOSTILE;
  const states = {
    [img]: { Type: 'Pass', Comment: svg, Result: HOSTILE, Next: script },
    [script]: {
      Type: 'Choice', Choices: [{ Variable: '$[0]', StringEquals: link, Next: svg }], Default: svg,
    },
    [svg]: { Type: 'Fail', Error: img, Cause: `${script} ${control} ${template} ${'<b>'.repeat(2000)}` },
  };
  const machine = await stack.machine(`hostile-${seen.id}`, { StartAt: img, States: states }, [{ key: 'k', value: 'v' }]);
  const execution = await stack.start(machine, Object.fromEntries(HOSTILE.map((text) => [text, text])), `hostile-${seen.id}`);
  await stack.ended(execution);
  for (const shown of ['?tab=timeline', '?tab=events&event=2', '?tab=payloads', `?state=${encodeURIComponent(svg)}`, `?state=${encodeURIComponent(img)}`]) {
    await page.goto(to('executions', execution, shown));
    await page.getByTestId('errors-first').getByText(img).first().waitFor();
    await page.waitForFunction(() => document.querySelector('.state, .timeline-row, .event-row, .payload') !== null);
    await harmless(`execution ${shown}`);
  }
  assert.equal(await state(img).first().locator('.state-name').innerText(), img);
  for (const shown of ['', '?tab=definition', '?tab=tags']) {
    await page.goto(to('machines', machine, shown));
    await page.getByRole('heading', { name: `hostile-${seen.id}` }).waitFor();
    await harmless(`machine ${shown}`);
  }
  await page.goto(to('machines', machine, '/edit'));
  await page.locator('.cm-content').waitFor();
  await state(img).waitFor();
  await harmless('editor');
  // The index is half a second behind.
  await page.goto(at(`/search?machine=hostile-${seen.id}`));
  await page.waitForFunction((text) => {
    if (document.body.innerText.includes(text)) {
      return true;
    }
    [...document.querySelectorAll('button')].find((one) => one.textContent === 'Search')?.click();
    return false;
  }, img, { polling: 500 });
  await harmless('search');
  await page.goto(at(`/search?q=${encodeURIComponent(img)}&status=${encodeURIComponent(img)}&machine=${encodeURIComponent(script)}`));
  await page.getByRole('heading', { name: 'Search executions' }).waitFor();
  await harmless('search, by the address');
  await page.goto(at(`/compare?left=${encodeURIComponent(execution)}&right=${encodeURIComponent(seen.payment)}`));
  await page.getByRole('row').filter({ hasText: img }).first().waitFor();
  await harmless('compare');
  await page.goto(to('executions', img));
  await page.getByRole('alert').first().waitFor();
  await harmless('an ARN that is none');
  await forgive(/status of 4\d\d/);
});

step('two executions are compared, and a history is exported and opened again', async ({ page, at, to, state, button, shoot, accessible, seen }) => {
  await page.goto(at(`/compare?left=${encodeURIComponent(seen.first)}&right=${encodeURIComponent(seen.refused)}`));
  await page.getByRole('row').filter({ hasText: 'Refuse' }).filter({ hasText: 'Orders.TooSmall' }).waitFor();
  await shoot('compare');
  await accessible('compare');
  await page.goto(to('executions', seen.refused));
  await page.getByTestId('errors-first').waitFor();
  await state('Refuse').waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), button('Export').click()]);
  const file = { name: 'exported.json', mimeType: 'application/json', buffer: readFileSync(await download.path()) };
  const [picture] = await Promise.all([page.waitForEvent('download'), button('PNG').click()]);
  assert.equal(readFileSync(await picture.path()).subarray(1, 4).toString(), 'PNG');
  await page.goto(at('/file'));
  await page.locator('input[type=file]').setInputFiles(file);
  await page.locator('[data-state="Refuse"][data-status=failed], [data-state="Refuse"][data-status=aborted]').waitFor();
  await shoot('file');
  await accessible('file');
});

step('it speaks Portuguese, and is used by keyboard alone', async ({ page, at, to, state, seen }) => {
  await page.goto(at('/'));
  await page.getByLabel('Language').selectOption('pt-BR');
  await page.getByRole('heading', { name: 'Máquinas de estado' }).waitFor();
  assert.equal(await page.locator('html').getAttribute('lang'), 'pt-BR');
  await page.getByRole('button', { name: 'Claro ou escuro' }).click();
  await page.waitForSelector('[data-mantine-color-scheme=dark]');
  await page.getByRole('button', { name: 'Claro ou escuro' }).click();
  await page.waitForSelector('[data-mantine-color-scheme=light]');
  // A time axis is a drawing: what is written on it is heard where it is drawn.
  await page.addInitScript(() => {
    const { fillText } = CanvasRenderingContext2D.prototype;
    window.written = [];
    CanvasRenderingContext2D.prototype.fillText = function (text, ...where) {
      window.written.push(text);
      fillText.call(this, text, ...where);
    };
  });
  await page.goto(to('machines', seen.orders, '?tab=metrics'));
  await page.waitForFunction(() => window.written.some((text) => /^\d\d:\d\d$/.test(text)));
  assert.equal(await page.evaluate(() => window.written.some((text) => /[ap]\.?m\.?$/i.test(text))), false);
  await page.getByLabel('Idioma').selectOption('en');
  await page.waitForFunction(() => window.written.some((text) => /^\d?\d:\d\d\s[AP]M$/.test(text)));
  await page.goto(to('executions', seen.first));
  await state('Check').waitFor();
  await page.waitForFunction(() => document.querySelectorAll('.state').length >= 6);
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(() => document.activeElement?.closest('[data-state="Done"]') !== null && document.activeElement !== null)) {
      break;
    }
  }
  await page.keyboard.press('Enter');
  await page.getByRole('region', { name: 'State Done' }).waitFor();
});
