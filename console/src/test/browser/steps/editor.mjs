// The editor, by keyboard and by mouse.
import assert from 'node:assert/strict';
import { HOSTILE } from '../stack.mjs';

export const steps = [];
const step = (name, body) => steps.push([name, body]);

step('a definition is edited: problems at their lines, a state tested, saved, published, compared', async ({ page, to, state, button, tab, field, shoot, accessible, stack, seen }) => {
  const machine = await stack.machine(`edited-${seen.id}`, {
    StartAt: 'Greet', States: { Greet: { Type: 'Pass', Result: { hello: 'world' }, End: true } },
  });
  await page.goto(to('machines', machine, '/edit'));
  const editor = page.locator('.cm-content');
  await editor.waitFor();
  const write = async (definition) => {
    await editor.click();
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText(JSON.stringify(definition, null, 2));
  };
  await write({ StartAt: 'Greet', States: { Greet: { Type: 'Pass', Result: { hello: 'world' }, Next: 'Nowhere' } } });
  const problems = page.getByRole('region', { name: 'Problems' });
  await problems.getByText("MISSING_TRANSITION_TARGET: Missing 'Next' target: Nowhere").waitFor();
  assert.equal(await problems.getByRole('listitem').filter({ hasText: 'Nowhere' }).getByRole('button').innerText(), '9:15');
  assert.equal(await button('Save').isDisabled(), true);
  await page.locator('.state-problem[data-state="Greet"]').waitFor();
  await page.locator('.cm-lintRange-error').first().waitFor();
  await shoot('editor');
  await accessible('editor');
  await write({ StartAt: 'Greet', States: { Greet: { Type: 'Pass', Result: { hello: 'moon' }, Next: 'Wave' }, Wave: { Type: 'Succeed' } } });
  await problems.getByText('No problems.').waitFor();
  await state('Wave').waitFor();
  await tab('Test a state').click();
  await field('Input').fill('{"a": 1}');
  await button('Run').click();
  await page.getByTestId('test-status').filter({ hasText: 'SUCCEEDED → Wave' }).waitFor();
  await shoot('test-state');
  await accessible('test of a state');
  await tab('Changes').click();
  await page.locator('.cm-changedLine, .cm-changedText').first().waitFor();
  await button('Save and publish').click();
  await page.getByText('Saved and published as version 1.').waitFor();
  const saved = await stack.call('DescribeStateMachine', { stateMachineArn: machine });
  assert.equal(JSON.parse(saved.definition).States.Greet.Result.hello, 'moon');
  await page.goto(to('machines', machine, '?tab=versions'));
  await page.getByRole('link', { name: '1', exact: true }).waitFor();
  await button('With what is saved now').click();
  await page.locator('.cm-mergeView').waitFor();
  await accessible('versions');
});

step('a machine is drawn, by keyboard and by mouse; all of it is undone and redone', async ({ page, at, state, button, field, shoot, accessible, harmless, seen }) => {
  const [img] = HOSTILE;
  await page.goto(at('/new'));
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(`drawn-${seen.id}`);
  const problems = page.getByRole('region', { name: 'Problems' });
  const title = (name) => state(name).locator('.state-title').first();
  // By keyboard: choose, add behind, add on a way, rename, and go from state to state.
  await title('First').focus();
  await page.keyboard.press('Enter');
  await page.getByRole('region', { name: 'Configure First' }).waitFor();
  await button('Add Task').press('Enter');
  await page.getByRole('region', { name: 'Configure Task' }).waitFor();
  await button('Add Choice').press('Enter');
  await state('Succeed').waitFor();
  await field('Name of the state').fill(img);
  await page.keyboard.press('Enter');
  await title(img).focus();
  await page.keyboard.press('ArrowDown');
  await page.getByRole('region', { name: 'Configure Succeed' }).waitFor();
  await page.keyboard.press('ArrowUp');
  const configured = page.getByRole('region', { name: `Configure ${img}` });
  await configured.getByRole('button', { name: 'Insert here: Rule to Succeed' }).press('Enter');
  await button('Add Parallel').press('Enter');
  await page.getByRole('region', { name: 'Configure Parallel' }).waitFor();
  await harmless('a state of a hostile name');
  // By mouse: from the palette onto a state, and from a handle to another state.
  await button('Add Wait').dragTo(title('Pass'));
  await state('Wait').waitFor();
  await field('Seconds').fill('3600');
  await page.getByRole('combobox', { name: 'Add a field' }).click();
  await page.getByRole('option', { name: 'Comment' }).click();
  await field('Comment').fill('an hour');
  await field('Comment').press('Enter');
  const middle = async (locator) => {
    const box = await locator.boundingBox();
    return [box.x + box.width / 2, box.y + box.height / 2];
  };
  await page.locator('.graph-edited').scrollIntoViewIfNeeded();
  await page.mouse.move(...(await middle(state('Task').locator('.handle-catch'))));
  await page.mouse.down();
  await page.mouse.move(...(await middle(state('Succeed').locator('.react-flow__handle.target'))), { steps: 8 });
  await page.mouse.up();
  await page.locator('.way-catch').waitFor();
  await problems.getByText('No problems.').waitFor();
  await title('Task').click();
  await page.getByRole('region', { name: 'Configure Task' }).getByText('Catcher 1').waitFor();
  await shoot('editor-drawn');
  await accessible('editor, drawn');
  // One history: back to where it began, and forth again.
  await title('Task').focus();
  const text = page.locator('.cm-content');
  const drawn = await text.innerText();
  const changes = async (does) => {
    const before = await text.innerText();
    await does();
    await page.waitForFunction((old) => document.querySelector('.cm-content').innerText !== old, before);
  };
  let steps = 0;
  for (; await button('Undo').isEnabled(); steps++) {
    await changes(() => page.keyboard.press('Control+z'));
    await page.locator('.state-title').first().focus();
  }
  await page.waitForFunction(() => document.querySelectorAll('.state').length === 1);
  for (; steps > 0; steps--) {
    await changes(() => page.keyboard.press('Control+y'));
    await page.locator('.state-title').first().focus();
  }
  assert.equal(await text.innerText(), drawn);
  await page.locator('.way-catch').waitFor();
});

step('it is written as YAML, whose problems stand at their places', async ({ page, state, button, field, shoot, accessible, harmless }) => {
  await field('Form').selectOption('yaml');
  await field('Definition as YAML').waitFor();
  const editor = page.locator('.cm-content');
  const problems = page.getByRole('region', { name: 'Problems' });
  await problems.getByText('No problems.').waitFor();
  await editor.click();
  await page.keyboard.press('Control+End');
  await page.keyboard.insertText('StartAt: Task\n');
  await problems.getByText('YAML: This field is there twice').waitFor();
  assert.match(await problems.getByRole('listitem').getByRole('button').innerText(), /^\d+:1$/);
  assert.equal(await button('Save').isDisabled(), true);
  await page.keyboard.press('Control+z');
  await problems.getByText('No problems.').waitFor();
  await state('Task').locator('.state-title').click();
  await button('Add Pass').click();
  await editor.getByText('Pass 2').first().waitFor();
  await harmless('YAML');
  await shoot('editor-yaml');
  await accessible('editor, YAML');
});

step('it runs in memory with mocks, and is saved as JSON', async ({ page, state, button, tab, shoot, accessible, harmless, stack, seen }) => {
  await tab('Run with mocks').click();
  await button('Run in memory').click();
  await page.getByTestId('simulated').filter({ hasText: 'Running' }).waitFor();
  await button('Add a mock for Task').click();
  const answers = page.locator('[data-mock="Task"]');
  await answers.getByLabel('Result', { exact: true }).fill('{"Payload": {"value": 1}}');
  await button('Run in memory').click();
  await page.getByTestId('simulated').filter({ hasText: 'Succeeded' }).filter({ hasText: '1 h' }).waitFor();
  await page.locator('[data-state="Wait"][data-status=succeeded]').waitFor();
  await answers.getByLabel('Attempt 1: Answer').selectOption('error');
  await answers.getByLabel('Error', { exact: true }).fill('Card.Declined');
  await button('Run in memory').click();
  await page.locator('[data-state="Task"][data-status=caught]').waitFor();
  await state('Task').locator('.state-title').click();
  await page.getByRole('region', { name: 'State Task' }).getByText('Card.Declined').first().waitFor();
  await harmless('a run in memory');
  await shoot('mocked-run');
  await accessible('a run in memory');
  assert.equal((await stack.call('ListStateMachines', { maxResults: 1000 })).stateMachines.some((one) => one.name === `drawn-${seen.id}`), false);
  await button('Save').click();
  await page.getByRole('heading', { name: `drawn-${seen.id}` }).waitFor();
  const arn = decodeURIComponent(page.url().split('/machines/')[1].split('?')[0]);
  const { definition } = await stack.call('DescribeStateMachine', { stateMachineArn: arn });
  const { StartAt, States } = JSON.parse(definition);
  assert.equal(StartAt, 'First');
  assert.deepEqual(Object.keys(States), ['First', 'Task', 'Pass 2', HOSTILE[0], 'Parallel', 'Succeed']);
  assert.equal(States.Parallel.Branches[0].States.Wait.Comment, 'an hour');
  assert.deepEqual(States.Task.Catch, [{ ErrorEquals: ['States.ALL'], Next: 'Succeed' }]);
});
