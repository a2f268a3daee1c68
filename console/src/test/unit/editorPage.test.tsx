import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import EditorPage from '../../main/web/editor/EditorPage';
import { LanguageProvider } from '../../main/web/i18n';

/** What the parts of the editor do together; each by itself is tested beside this, and all of it in Chromium. */

const calls: { url: string; body: Record<string, unknown> }[] = [];
const host = document.createElement('div');
let root: ReturnType<typeof createRoot>;

// What it draws is measured, which only a browser does.
vi.mock('../../main/web/shared/Graph', () => ({ default: () => null }));
// Of a busy machine.
vi.setConfig({ testTimeout: 30_000 });

beforeEach(async () => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  // The document of the tests has none, and what grows with its text asks it.
  Object.assign(document, { fonts: { addEventListener: () => {}, removeEventListener: () => {} } });
  vi.stubGlobal('fetch', async (url: string, init: { body: string }) => {
    calls.push({ url, body: JSON.parse(init.body) as Record<string, unknown> });
    return new Response(JSON.stringify(url === '/api/simulations'
      ? { status: 'RUNNING', waitsFor: ['a mock'], unmocked: { state: 'Task', resource: 'r', input: 1 }, unusedMocks: [], simulatedSeconds: 3600, events: [], children: [] }
      : { result: 'OK', diagnostics: [] }));
  });
  document.body.append(host);
  root = createRoot(host);
  await act(async () => root.render(
    <MantineProvider><QueryClientProvider client={new QueryClient()}><LanguageProvider><EditorPage /></LanguageProvider></QueryClientProvider></MantineProvider>));
});

afterEach(async () => {
  await act(async () => root.unmount());
  host.remove();
  vi.unstubAllGlobals();
});

const named = (role: string, name: string) =>
  [...host.querySelectorAll<HTMLElement>(role)].find((one) => (one.getAttribute('aria-label') ?? one.textContent) === name);

async function click(role: string, name: string) {
  const found = named(role, name);
  expect(found, name).toBeDefined();
  await act(async () => found!.click());
}

/** What is written, as the text editor shows it. */
const shown = () => [...host.querySelectorAll('.cm-line')].map((line) => line.textContent).join('\n');
const written = (text: string) => act(async () => vi.waitFor(() => expect(shown()).toContain(text)));

it('adds states, undoes and redoes, and writes it as YAML', async () => {
  const first = shown();
  await click('button', 'Add Task');
  await written('"StartAt": "Task"');
  expect(host.querySelector('[aria-label="Configure Task"]')).not.toBeNull();
  await click('button', 'Add Wait');
  await written('"Next": "Wait"');
  const both = shown();
  await click('button', 'Undo');
  await click('button', 'Undo');
  await act(async () => vi.waitFor(() => expect(shown()).toBe(first)));
  expect(named('button', 'Undo')).toHaveProperty('disabled', true);
  await click('button', 'Redo');
  await click('button', 'Redo');
  await act(async () => vi.waitFor(() => expect(shown()).toBe(both)));
  const form = host.querySelector<HTMLSelectElement>('select[aria-label="Form"]')!;
  await act(async () => {
    form.value = 'yaml';
    form.dispatchEvent(new Event('change', { bubbles: true }));
  });
  await written('StartAt: Task');
});

it('says why something can\'t be done', async () => {
  await click('button', 'Add Succeed');
  await written('"StartAt": "Succeed"');
  await click('button', 'Add Pass');
  expect(host.querySelector('[role=alert]')?.textContent).toContain('Such a state ends');
});

it('runs in memory, and offers the mock that was missing', async () => {
  await click('button', 'Add Task');
  await click('[role=tab]', 'Run with mocks');
  await click('button', 'Run in memory');
  await act(async () => vi.waitFor(() => expect(host.querySelector('[data-testid=simulated]')?.textContent).toBe('Running, 1 h 0 min of simulated time')));
  expect(calls.find((call) => call.url === '/api/simulations')?.body).toMatchObject({ type: 'STANDARD', input: {}, mocks: {} });
  await click('button', 'Add a mock for Task');
  await click('button', 'Run in memory');
  await act(async () => vi.waitFor(() => expect(calls.filter((call) => call.url === '/api/simulations').at(-1)?.body.mocks).toEqual({ Task: [{ result: {} }] })));
});
