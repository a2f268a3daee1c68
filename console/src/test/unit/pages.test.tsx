import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { act, type ReactNode } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Router } from 'wouter';
import { ExecutionPage } from '../../main/web/execution/ExecutionPage';
import { TokenForm } from '../../main/web/execution/TokenForm';
import { LanguageProvider } from '../../main/web/i18n';
import LivePage from '../../main/web/live/LivePage';
import OperationsPage from '../../main/web/operations/OperationsPage';
import type { Visit } from '../../main/web/run/view';
import SearchPage from '../../main/web/search/SearchPage';
import { newClient } from '../../main/web/shared/connection';

/** Pages over an API that answers what a test wants: by the longest beginning of the path. */
let answers: Record<string, unknown> = {};
let sent: { method: string; path: string; body: unknown; target: string | undefined }[] = [];
let root: Root | undefined;

const EXECUTION = {
  executionArn: 'arn:aws:states:r:1:execution:m:e', stateMachineArn: 'arn:aws:states:r:1:stateMachine:m', name: 'e', status: 'RUNNING',
  startDate: new Date(Date.now() - 3_600_000).toISOString(),
};

beforeEach(() => {
  sent = [];
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => {
    if (init.method !== 'GET') {
      const headers = init.headers as Record<string, string> | undefined;
      sent.push({ method: init.method!, path, body: init.body ? JSON.parse(init.body as string) : undefined, target: headers?.['X-Amz-Target'] });
    }
    const key = Object.keys(answers).filter((one) => path.startsWith(one)).sort((a, b) => b.length - a.length)[0];
    const answer = key === undefined ? {} : answers[key];
    return Promise.resolve({ ok: true, status: 200, text: () => Promise.resolve(JSON.stringify(answer)) });
  });
});

afterEach(async () => {
  await act(async () => root?.unmount());
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

async function show(page: ReactNode, path: string) {
  const element = document.createElement('div');
  document.body.append(element);
  history.replaceState(null, '', path);
  root = createRoot(element);
  await act(async () =>
    root!.render(
      <MantineProvider env="test">
        <LanguageProvider><QueryClientProvider client={newClient()}><Router>{page}</Router></QueryClientProvider></LanguageProvider>
      </MantineProvider>));
}

/** Waits until it is so: what is shown comes from answers. */
async function eventually<T>(look: () => T | null | undefined | false): Promise<T> {
  let found: T | null | undefined | false;
  await vi.waitFor(async () => {
    await act(async () => {});
    found = look();
    expect(found, document.body.textContent ?? '').toBeTruthy();
  }, 5000);
  return found as T;
}

const dialog = () => document.querySelector('[role=dialog]');

async function press(text: string, inside: () => ParentNode | null = () => document) {
  const button = await eventually(() =>
    [...(inside()?.querySelectorAll('button') ?? [])].find((one) => one.textContent === text || one.title === text));
  await act(async () => button.click());
}

describe('partitions', () => {
  const partition = (number: number, more: object) => ({
    lane: 'standard lane', task: `0_${number}`, partition: number, inputs: [`inbox-${number}`], copies: [{ node: 'abc', role: 'active' }], ...more,
  });
  const column = (index: number) => [...document.querySelectorAll(`table[aria-label=Partitions] tbody td:nth-child(${index})`)].map((cell) => cell.textContent);

  it('are sorted by a column, what is unknown last; nodes that don\'t answer are named', async () => {
    answers = {
      '/api/nodes': {
        nodes: [{ id: 'abc', address: 'a:1', version: '1', startDate: EXECUTION.startDate, lanes: [{ lane: 'standard lane', state: 'RUNNING', since: EXECUTION.startDate }] }],
        unreachable: [{ address: 'b:2', reason: '<b>gone</b>' }],
        partitions: [partition(10, { lag: 10 }), partition(9, {}), partition(1, { lag: 9, copies: [] })],
      },
    };
    await show(<OperationsPage />, '/operations?tab=nodes');
    await eventually(() => column(2).length === 3);
    expect(column(2)).toEqual(['0_10', '0_9', '0_1']);
    await press('Waiting records');
    expect(column(3)).toEqual(['9', '10', 'unknown']);
    expect(document.querySelector('th[aria-sort=ascending]')?.textContent).toContain('Waiting records');
    await press('Waiting records ↑');
    expect(column(3)).toEqual(['10', '9', 'unknown']);
    expect(column(4)).toContain('nobody');
    expect(document.body.textContent).toContain('b:2<b>gone</b>');
  });
});

describe('a dead letter', () => {
  const letter = {
    id: '0-3', time: EXECUTION.startDate, component: 'start-ingress', reason: 'no Avro', source: { topic: 't', partition: 0, offset: 1, time: '' },
    value: { text: '<img src=x>', bytes: 11, truncated: false }, headers: [{ name: 'h' }], answered: false, leftOut: false, state: 'open',
  };

  it('is redriven after a question, and gone', async () => {
    answers = {
      '/api/dead-letters': { deadLetters: [letter] },
      '/api/dead-letters/0-3': letter,
      '/api/dead-letters/redrive': { outcomes: [{ id: '0-3', outcome: 'REDRIVEN' }] },
    };
    await show(<OperationsPage />, '/operations?tab=letters&topic=t');
    await press('Letter 0-3');
    await eventually(() => dialog()?.textContent?.includes('<img src=x>'));
    await press('Redrive', dialog);
    await eventually(() => dialog()?.textContent?.includes('published again'));
    expect(sent).toEqual([]);
    await press('Redrive', dialog);
    await eventually(() => dialog() === null);
    expect(sent).toMatchObject([{ method: 'POST', path: '/api/dead-letters/redrive', body: { ids: ['0-3'] } }]);
  });

  it('that is refused says why', async () => {
    answers = {
      '/api/dead-letters': { deadLetters: [letter] },
      '/api/dead-letters/0-3': letter,
      '/api/dead-letters/discard': { outcomes: [{ id: '0-3', outcome: 'REFUSED', detail: 'Not this one' }] },
    };
    await show(<OperationsPage />, '/operations?tab=letters');
    await press('Letter 0-3');
    await press('Discard', dialog);
    await eventually(() => dialog()?.textContent?.includes('no longer listed'));
    await press('Discard', dialog);
    await eventually(() => dialog()?.textContent?.includes('Not this one'));
  });
});

describe('bulk operations', () => {
  const operation = {
    id: 'x', kind: 'stop', filter: { machine: 'm' }, creationDate: EXECUTION.startDate, state: 'running', cancelled: false,
    changed: 3, unchanged: 1, failed: 1, failures: [{ executionArn: EXECUTION.executionArn, reason: 'It is none' }], updateDate: EXECUTION.startDate,
  };

  it('are made of all that a search finds, and led to', async () => {
    answers = { '/api/executions': { executions: [EXECUTION], total: 1, totalIsLowerBound: false, partlyIndexed: 0 } };
    await show(<SearchPage />, '/search?machine=m&status=RUNNING&order=oldest');
    await press('Stop all found');
    await press('Stop all found', dialog);
    await eventually(() => location.search === '?tab=bulk');
    expect(sent).toMatchObject([{ path: '/api/bulk-operations', body: { kind: 'stop', filter: { machine: 'm', status: 'RUNNING' } } }]);
  });

  it('tell what failed, and are cancelled', async () => {
    answers = { '/api/bulk-operations': { bulkOperations: [operation] }, '/api/bulk-operations/x': operation };
    await show(<OperationsPage />, '/operations?tab=bulk');
    const row = await eventually(() => document.querySelector('tr[data-operation=x]'));
    expect(row.textContent).toContain('machine: m');
    expect(row.textContent).toContain('3 / 1 / 1');
    await press('Cancel operation');
    await press('Cancel operation', dialog);
    await eventually(() => sent.some((one) => one.method === 'PUT' && one.path === '/api/bulk-operations/x/cancel'));
    await press('Operation x');
    await eventually(() => dialog()?.textContent?.includes('It is none'));
  });
});

describe('what is stuck', () => {
  it('is told with why it stands out', async () => {
    answers = {
      '/api/executions': { executions: [EXECUTION], total: 1, totalIsLowerBound: false, partlyIndexed: 0 },
      '/api/metrics': { from: '', to: '', bucketMillis: 1, complete: true, buckets: [{ from: '', started: 9, succeeded: 9, failed: 0, timedOut: 0, aborted: 0, p50Millis: 10, p99Millis: 20 }] },
      '/': { events: [{ id: 5, previousEventId: 4, type: 'WaitStateEntered', timestamp: Date.now() / 1000 - 120 }] },
    };
    await show(<OperationsPage />, '/operations?tab=stuck&quiet=1');
    const row = await eventually(() => document.querySelector('table[aria-label="Stuck?"] tbody tr'));
    expect(row.textContent).toContain('longer than usual, quiet');
    expect(row.textContent).toContain('WaitStateEntered');
  });
});

describe('a task that waits for its token', () => {
  it('is answered with what was typed', async () => {
    const visit = { attempts: [{ scheduledId: 1, from: 0, status: 'running', resource: 'sendMessage.waitForTaskToken', parameters: '{}' }] } as unknown as Visit;
    await show(<TokenForm visit={visit} executionArn="arn" />, '/executions/arn');
    await press('Send failure');
    await eventually(() => dialog()?.textContent?.includes('The history has no token'));
    await press('Send failure', dialog);
    await eventually(() => dialog() === null);
    expect(sent).toMatchObject([{ target: 'AWSStepFunctions.SendTaskFailure', body: { taskToken: '' } }]);
  });
});

describe('an execution that has ended', () => {
  it('is exported when all of its history is here', async () => {
    const listeners: Record<string, (event: object) => void> = {};
    vi.stubGlobal('EventSource', class {
      readyState = 1;
      addEventListener(name: string, listener: (event: object) => void) {
        listeners[name] = listener;
      }
      close() {}
    });
    const definition = JSON.stringify({ StartAt: 'F', States: { F: { Type: 'Fail' } } });
    answers = { '/': { ...EXECUTION, status: 'FAILED', stopDate: EXECUTION.startDate, definition } };
    const tell = (id: number, type: string) =>
      act(async () => listeners.history!({ lastEventId: `${id}`, data: JSON.stringify({ id, previousEventId: id - 1, type, timestamp: EXECUTION.startDate }) }));
    const exporting = () => [...document.querySelectorAll('button')].find((one) => one.textContent === 'Export');
    await show(<ExecutionPage arn={EXECUTION.executionArn} />, '/executions/e');
    await eventually(() => exporting());
    expect(exporting()!.disabled).toBe(true);
    await tell(1, 'ExecutionStarted');
    await press('Events');
    await eventually(() => document.body.textContent!.includes('1 of 1 events'));
    expect(exporting()!.disabled).toBe(true);
    await tell(2, 'ExecutionFailed');
    await eventually(() => !exporting()!.disabled);
  });
});

describe('the live tail', () => {
  it('says that nothing has happened only while it would know', async () => {
    const streams: { onopen?: () => void; onerror?: (event: object) => void }[] = [];
    vi.stubGlobal('EventSource', class {
      readyState = 0;
      constructor() {
        streams.push(this);
      }
      addEventListener() {}
      close() {}
    });
    const says = () => document.body.textContent!.includes('Nothing has happened');
    await show(<LivePage />, '/live');
    expect(says()).toBe(false);
    await act(async () => streams.at(-1)!.onopen!());
    expect(says()).toBe(true);
    await act(async () => streams.at(-1)!.onerror!({}));
    expect(says()).toBe(false);
    expect(document.body.textContent).toContain('Not up to date');
  });
});
