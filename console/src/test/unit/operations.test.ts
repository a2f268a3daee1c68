import { describe, expect, it } from 'vitest';
import type { Bucket, Cluster, FoundExecution, HistoryEvent, Metrics } from '../../main/web/api/types';
import { timeLabels } from '../../main/web/metrics/axis';
import { asked, durations, rangeOf, rates, totals } from '../../main/web/metrics/series';
import { conditions } from '../../main/web/operations/BulkOperations';
import { lettersAsked } from '../../main/web/operations/DeadLetters';
import { percent, rowsOf } from '../../main/web/operations/partitions';
import { stuck, usualOf, type Candidate } from '../../main/web/operations/stuck';
import { tokenIn, waiting } from '../../main/web/run/token';
import { bulkFilter } from '../../main/web/search/filter';
import { runView } from '../../main/web/run/view';
import { order } from '../../main/web/shared/SortedTable';

const bucket = (values: Partial<Bucket>): Bucket => ({ from: '2026-01-01T00:00:00Z', started: 0, succeeded: 0, failed: 0, timedOut: 0, aborted: 0, ...values });
const metrics = (buckets: Bucket[], bucketMillis = 30_000): Metrics => ({ from: '', to: '', bucketMillis, complete: true, buckets });

describe('a time axis', () => {
  const at = (day: number, hour: number, minute = 0) => new Date(2026, 2, day, hour, minute).getTime() / 1000;
  // Between the time and what belongs to it there is a narrow space.
  const plain = (labels: string[]) => labels.map((label) => label.replaceAll(/[\u202F\u00A0]/g, ' '));

  it('tells the time as the language does, and the day where it begins', () => {
    const times = [at(1, 22, 30), at(1, 23), at(2, 0), at(2, 14, 30)];
    expect(plain(timeLabels(times, 'en'))).toEqual(['10:30 PM\nMar 1', '11:00 PM', '12:00 AM\nMar 2', '2:30 PM']);
    expect(plain(timeLabels(times, 'pt-BR'))).toEqual(['22:30\n1 de mar.', '23:00', '00:00\n2 de mar.', '14:30']);
  });

  it('tells the days alone where they are what is marked', () => {
    expect(timeLabels([at(1, 0), at(2, 0), at(3, 0)], 'en')).toEqual(['Mar 1', 'Mar 2', 'Mar 3']);
  });
});

describe('metrics', () => {
  it('are asked for up to the end of the stretch of time that it is', () => {
    const hour = asked('hour', Date.parse('2026-01-01T10:15:42Z'), undefined);
    expect(hour.toString()).toBe('from=2026-01-01T09%3A16%3A00.000Z&to=2026-01-01T10%3A16%3A00.000Z&buckets=60');
    expect(asked('hour', Date.parse('2026-01-01T10:15:59Z'), undefined).toString()).toBe(hour.toString());
    expect(asked('week', Date.parse('2026-01-01T10:15:42Z'), 'm').get('machine')).toBe('m');
  });

  it('are rates per minute, whatever the length of a point', () => {
    expect(rates(metrics([bucket({ started: 3, failed: 1 })]))).toEqual([[1_767_225_600], [6], [0], [2], [0], [0]]);
    expect(totals(metrics([bucket({ started: 3 }), bucket({ started: 4, aborted: 1 })]))).toMatchObject({ started: 7, aborted: 1, failed: 0 });
  });

  it('have gaps where nothing ended', () => {
    expect(durations(metrics([bucket({ p50Millis: 1500, p99Millis: 3000 }), bucket({})])).slice(1)).toEqual([[1.5, null], [3, null]]);
  });

  it('have no range but those that there are', () => {
    expect([rangeOf('day'), rangeOf('toString'), rangeOf(null)]).toEqual(['day', 'hour', 'hour']);
  });
});

describe('partitions', () => {
  const cluster: Cluster = {
    nodes: [
      { id: 'aaaaaaaa-1', address: 'a:1', version: '1', startDate: '', lanes: [] },
      { id: 'bbbbbbbb-2', version: '1', startDate: '', lanes: [] },
    ],
    unreachable: [],
    partitions: [
      {
        lane: 'standard lane', task: '0_1', partition: 1, inputs: ['inbox-1'], lag: 3,
        copies: [
          { node: 'aaaaaaaa-1', role: 'active', restore: { since: '', restored: 99_999, total: 100_000 } },
          { node: 'bbbbbbbb-2', role: 'standby', storeLag: 7 },
        ],
      },
      { lane: 'standard lane', partition: 2, inputs: ['inbox-2'], copies: [] },
    ],
  };

  it('name the nodes as people know them', () => {
    const [first, second] = rowsOf(cluster);
    expect([first?.active, first?.standbys]).toEqual(['a:1', [{ node: 'bbbbbbbb', storeLag: 7 }]]);
    expect([second?.active, second?.key]).toEqual([undefined, 'standard lane inbox-2']);
  });

  it('are not restored before they are', () => {
    expect([percent({ since: '', restored: 99_999, total: 100_000 }), percent({ since: '', restored: 5, total: 5 }), percent({ since: '', restored: 0, total: 0 })]).toEqual([99, 99, 0]);
  });
});

describe('a column', () => {
  it('is sorted as people read it', () => {
    expect(['0_10', '0_9', '0_1'].sort(order)).toEqual(['0_1', '0_9', '0_10']);
    expect([10, 9, -1].sort(order)).toEqual([-1, 9, 10]);
  });
});

describe('dead letters', () => {
  it('are asked for as the address says, without what there is not', () => {
    expect(lettersAsked(new URLSearchParams({ topic: ' t ', state: '<img>', component: '', tab: 'letters' })).toString()).toBe('topic=t');
  });
});

describe('a bulk operation', () => {
  it('is on what the search finds, whatever its order', () => {
    expect(bulkFilter({ machine: 'm', status: 'FAILED', order: 'oldest', error: ' ' })).toEqual({ machine: 'm', status: 'FAILED' });
    expect(bulkFilter({ order: 'oldest' })).toEqual({});
  });

  it('tells its conditions in a line', () => {
    expect([conditions({ machine: 'm', status: ['FAILED', 'ABORTED'] }), conditions(undefined)]).toEqual(['machine: m; status: FAILED, ABORTED', '']);
  });
});

describe('what is stuck', () => {
  const now = Date.parse('2026-01-01T12:00:00Z');
  const candidate = (minutes: number, quiet: number | undefined, usual: Candidate['usual']): Candidate => ({
    execution: { executionArn: '', stateMachineArn: '', name: '', status: 'RUNNING', startDate: new Date(now - minutes * 60_000).toISOString() } satisfies FoundExecution,
    usual,
    last: quiet === undefined ? undefined : { id: 1, previousEventId: 0, type: 'WaitStateEntered', timestamp: now / 1000 - quiet * 60 },
  });

  it('runs for longer than three times the slowest, or is quiet', () => {
    const usual = { median: 60_000, slowest: 120_000 };
    const shown = stuck([candidate(5, 1, usual), candidate(7, 1, usual), candidate(99, 31, undefined), candidate(99, undefined, undefined)], 30, now);
    expect(shown.map((one) => [one.running / 60_000, one.longer, one.quiet])).toEqual([[7, true, false], [99, false, true]]);
  });

  it('is nothing that is over within a minute', () => {
    expect(stuck([candidate(0.9, 0, { median: 1, slowest: 2 })], 30, now)).toEqual([]);
  });

  it('is not compared with a few', () => {
    expect(usualOf(metrics([bucket({ succeeded: 4, p50Millis: 1, p99Millis: 2 })]))).toBeUndefined();
    expect(usualOf(metrics([bucket({ succeeded: 4, failed: 1, p50Millis: 1, p99Millis: 2 })]))).toEqual({ median: 1, slowest: 2 });
    expect(usualOf(metrics([bucket({ started: 9 })]))).toBeUndefined();
  });
});

describe('a task token', () => {
  const arn = 'arn:aws:states:us-east-1:000000000000:execution:ünï:run';
  /** As TaskTokens makes them. */
  const token = (executionArn: string, frame = 7) => {
    const bytes = [1, 1, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, frame, ...new TextEncoder().encode(executionArn), ...Array.from({ length: 16 }, (_, index) => 250 - index)];
    return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  };

  it.each([
    ['as it is', (text: string) => JSON.stringify({ body: { token: text } })],
    ['in an address', (text: string) => JSON.stringify({ url: `https://example.com/approve?t=${text}&x=1` })],
    ['in JSON in JSON', (text: string) => JSON.stringify({ body: JSON.stringify({ token: text }) })],
  ])('is found %s', (_, parameters) => {
    expect(tokenIn(parameters(token(arn)), arn)).toBe(token(arn));
  });

  it.each([
    ['of another execution', token('arn:aws:states:us-east-1:000000000000:execution:m:other')], ['that is just long', 'A'.repeat(300)], ['that is no base64', 'A'.repeat(81)], ['that is not there', ''],
  ])('%s is none', (_, text) => {
    expect(tokenIn(JSON.stringify({ a: text }), arn)).toBeUndefined();
  });

  it('is wanted by callbacks and activities that wait', () => {
    const last = (resource: string, ...more: string[]) =>
      waiting(runView([
        ['ExecutionStarted', {}], ['TaskStateEntered', { name: 'T' }], ['TaskScheduled', { resource }], ...more.map((type) => [type, {}] as const),
      ].map(([type, details], index): HistoryEvent => ({ id: index + 1, previousEventId: index, type: type as string, timestamp: index, xEventDetails: details }))).visits[0])?.resource;
    const activity = 'arn:aws:states:us-east-1:000000000000:activity:a';
    expect([last('invoke.waitForTaskToken'), last(activity), last('invoke'), last('invoke.waitForTaskToken', 'TaskSucceeded')]).toEqual(['invoke.waitForTaskToken', activity, undefined, undefined]);
    expect(waiting(undefined)).toBeUndefined();
  });
});
