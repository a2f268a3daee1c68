// Who is there: by an API key.
import assert from 'node:assert/strict';

export const steps = [];
const step = (name, body) => steps.push([name, body]);

const SKIPPED = 'SKIPPED: nobody is asked by this stack';

step('a wrong key is refused, a right one lets in, and a session ends', async ({ page, at, button, field, shoot, accessible, forgive, context, own }) => {
  if (own === undefined) {
    return SKIPPED;
  }
  await page.goto(at('/search'));
  await page.getByRole('heading', { name: 'Log in' }).waitFor();
  await page.getByRole('link', { name: 'Sign in with Example-ID' }).waitFor();
  await shoot('login');
  await accessible('login');
  assert.equal(await button('Log in').isDisabled(), true);
  await field('API key').fill(`${own.key}x`);
  await button('Log in').click();
  await page.getByRole('alert').getByText('This API key isn’t known here, or is no longer valid.').waitFor();
  await accessible('login, refused');
  assert.deepEqual(await context.cookies(), []);
  await field('API key').fill(` ${own.key} `);
  await button('Log in').click();
  await page.getByRole('heading', { name: 'Search executions' }).waitFor();
  const [session, ...others] = await context.cookies();
  assert.deepEqual([session.httpOnly, session.sameSite, others], [true, 'Strict', []]);
  assert.equal(await page.evaluate((key) => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]).includes(key), own.key), false);
  await button('Log out ada').click();
  await page.getByRole('heading', { name: 'Log in' }).waitFor();
  assert.deepEqual(await context.cookies(), []);
  // The others go on with a key.
  await field('API key').fill(own.key);
  await button('Log in').click();
  await button('Log out ada').waitFor();
  // What was refused before.
  forgive(/status of 40[01]/);
});
