// Who is there: by an API key, and by a login at a provider on another site.
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
  // What was refused before.
  await forgive(/status of 40[01]/);
});

step('somebody logs in at the provider, or doesn\'t, and comes to the page that was wanted', async ({ page, at, to, button, field, harmless, forgive, context, seen, own }) => {
  if (own === undefined) {
    return SKIPPED;
  }
  const provider = page.getByRole('link', { name: 'Sign in with Example-ID' });
  const alert = page.getByRole('alert');
  const as = async (who) => {
    await provider.click();
    await page.getByRole('heading', { name: 'Who are you?' }).waitFor();
    await page.getByRole('link', { name: who, exact: true }).click();
  };
  await page.goto(to('machines', seen.orders, '?tab=tags'));
  await as('cancel');
  await alert.getByText('The provider has not let you in').waitFor();
  await as('stranger');
  await alert.getByText('What the provider says of you can’t be accepted').waitFor();
  await harmless('a name that is none');
  await as('guest');
  await page.getByText('user/oidc:guest is not authorized to perform').first().waitFor();
  await button('Log out oidc:guest').click();
  await page.getByRole('heading', { name: 'Log in' }).waitFor();
  await page.goto(to('machines', seen.orders, '?tab=tags'));
  await as('developer');
  await page.getByText('shop').waitFor();
  assert.equal(page.url(), to('machines', seen.orders, '?tab=tags'));
  await button('Log out oidc:grace').waitFor();
  assert.deepEqual((await context.cookies()).map((cookie) => [cookie.name, cookie.httpOnly, cookie.sameSite]), [['stepstream-session', true, 'Strict']]);
  // A call that changes something: its cookie and its origin are looked at.
  await button('Start execution').click();
  await page.getByRole('dialog').getByLabel('Input').fill('{"total": 1}');
  await page.getByRole('dialog').getByRole('button', { name: 'Start execution' }).click();
  await page.waitForURL(/executions/);
  await button('Log out oidc:grace').click();
  // The others go on with a key.
  await field('API key').fill(own.key);
  await button('Log in').click();
  await button('Log out ada').waitFor();
  await page.goto(at('/'));
  await page.getByRole('link', { name: `orders-${seen.id}` }).waitFor();
  await forgive(/status of 40[013]/);
});
