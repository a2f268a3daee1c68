import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compared } from '../../main/web/compare/compared';
import type { HistoryEvent } from '../../main/web/api/types';
import { merged } from '../../main/web/execution/useRun';
import { filtered } from '../../main/web/run/search';
import { timeline } from '../../main/web/run/timeline';
import { culprits, isPicked, rollUp, runView, summaries, taken, wayKey, type RunView, type Visit } from '../../main/web/run/view';

/** Recorded from a real run: Parallel, Map, a retried and caught Task, a caught Parallel, a distributed Map, a failed expression, a redrive. */
const recorded = (JSON.parse(readFileSync('src/test/unit/fixtures/mixed.json', 'utf8')) as { events: HistoryEvent[] }).events;

const visitOf = (view: RunView, state: string): Visit => view.visits.find((visit) => visit.state === state)!;

/** Events with ids and times by their order; each follows the one before it unless it says otherwise. */
function events(...parts: [type: string, details?: Record<string, unknown>, previous?: number][]): HistoryEvent[] {
  return parts.map(([type, details, previous], index) => ({
    id: index + 1,
    previousEventId: previous ?? index,
    type,
    timestamp: 1_700_000_000 + index,
    ...(details ? { xEventDetails: details } : {}),
  }));
}

describe('a recorded run', () => {
  const view = runView(recorded);

  it('has each state with how it ended', () => {
    const found = Object.fromEntries([...summaries(view, {})].map(([state, summary]) => [state, summary.status]));
    expect(found).toEqual({
      P: 'succeeded', A: 'succeeded', A2: 'succeeded', M: 'succeeded', I: 'succeeded', L: 'caught', P2: 'caught', F: 'failed', D: 'succeeded', Q: 'failed',
    });
  });

  it('tells in which branch and iteration a state was visited', () => {
    const items = view.visits.filter((visit) => visit.state === 'I');
    expect(items.map((visit) => [visit.scope?.visit.state, visit.scope?.index])).toEqual([['M', 0], ['M', 1]]);
    expect(visitOf(view, 'A2').scope?.visit.state).toBe('P');
    expect(visitOf(view, 'L').scope).toBeUndefined();
    expect(items.filter((visit) => isPicked(visit, { M: 1 }))).toEqual([items[1]]);
  });

  it('groups a task with its attempts', () => {
    const { attempts } = visitOf(view, 'L');
    expect(attempts.map((attempt) => [attempt.status, attempt.error])).toEqual([
      ['failed', 'Lambda.ResourceNotFoundException'], ['failed', 'Lambda.ResourceNotFoundException'],
    ]);
  });

  it('names the state, the error and the field that failed', () => {
    const [culprit] = culprits(view);
    expect([culprit?.state, culprit?.error, culprit?.location]).toEqual(['Q', 'States.QueryEvaluationError', 'Output']);
    expect(view.status).toBe('FAILED');
    expect(view.redrives).toEqual([44]);
  });

  it('is in progress again after the redrive, and keeps the visit', () => {
    const during = runView(recorded.slice(0, recorded.findIndex((event) => event.type === 'ExecutionRedriven') + 1));
    expect(during.status).toBe('RUNNING');
    expect(view.visits.filter((visit) => visit.state === 'Q')).toHaveLength(1);
  });

  it('is the same in whatever portions the events came', () => {
    let known: readonly HistoryEvent[] = [];
    for (let from = 0; from < recorded.length; from += 7) {
      known = merged(known, recorded.slice(Math.max(0, from - 3), from + 7));
    }
    expect(runView(known)).toEqual(view);
  });

  it('knows the Map run and how many items there were', () => {
    expect(visitOf(view, 'D').mapRunArn).toContain(':mapRun:');
    expect(rollUp(visitOf(view, 'M'))).toEqual({ total: 2, succeeded: 2, failed: 0, running: 0, aborted: 0, pending: 0 });
  });

  it('knows the ways that were taken', () => {
    const ways = taken(view);
    expect(ways.has(wayKey('L', 'P2'))).toBe(true);
    expect(ways.has(wayKey('A', 'A2'))).toBe(true);
    expect(ways.has(wayKey('P2', 'D'))).toBe(true);
    expect(ways.has(wayKey('A', 'M'))).toBe(false);
  });

  it('stands in a timeline, those inside others below them', () => {
    const bars = timeline(view, Date.now());
    expect(bars.map((bar) => `${'>'.repeat(bar.depth)}${bar.visit.state}`)).toEqual(['P', '>A', '>A2', '>M', '>>I', '>>I', 'L', 'P2', '>F', 'D', 'Q']);
    for (const bar of bars) {
      expect(bar.left + bar.width).toBeLessThanOrEqual(1.0001);
    }
  });

  it('is searched by every word and by kind', () => {
    expect(filtered(view, { text: 'my.error because', kind: 'all', state: undefined }).map((event) => event.id)).toEqual([34, 35]);
    expect(filtered(view, { text: 'FUNCTION not found', kind: 'errors', state: undefined }).map((event) => event.id)).toEqual([25, 28]);
    expect(filtered(view, { text: '', kind: 'tasks', state: 'L' }).map((event) => event.id)).toEqual([23, 24, 25, 26, 27, 28]);
  });

  it('equals itself and differs from a shorter one', () => {
    expect(compared(view, view).some((row) => row.differs)).toBe(false);
    const shorter = compared(view, runView(recorded.slice(0, 30)));
    expect(shorter.filter((row) => row.differs).map((row) => row.state)).toEqual(['P2', 'F', 'D', 'Q']);
  });
});

describe('a run', () => {
  it('forgives an attempt that was made good', () => {
    const view = runView(events(
      ['ExecutionStarted'], ['TaskStateEntered', { name: 'T', input: '1' }], ['TaskScheduled', { resource: 'r', parameters: '{}' }], ['TaskStarted'],
      ['TaskFailed', { error: 'E', cause: 'c' }], ['TaskScheduled', { resource: 'r' }], ['TaskStarted'], ['TaskSucceeded', { output: '2' }],
      ['TaskStateExited', { name: 'T', output: '2' }], ['ExecutionSucceeded', { output: '2' }]));
    const [visit] = view.visits;
    expect(visit?.status).toBe('succeeded');
    expect(visit?.error).toBeUndefined();
    expect(visit?.attempts.map((attempt) => attempt.status)).toEqual(['failed', 'succeeded']);
  });

  it('that fails inside a Map fails around it, and stops what ran beside', () => {
    const view = runView(events(
      ['ExecutionStarted'], ['MapStateEntered', { name: 'M' }], ['MapStateStarted', { length: 3 }],
      ['MapIterationStarted', { name: 'M', index: 0 }, 3], ['MapIterationStarted', { name: 'M', index: 1 }, 3],
      ['WaitStateEntered', { name: 'W' }, 4], ['FailStateEntered', { name: 'F' }, 5],
      ['MapIterationFailed', { name: 'M', index: 1 }, 7], ['MapStateFailed', { error: 'E' }, 8], ['ExecutionFailed', { error: 'E', cause: 'c' }, 9]));
    expect(view.visits.map((visit) => [visit.state, visit.status])).toEqual([['M', 'failed'], ['W', 'aborted'], ['F', 'failed']]);
    expect(rollUp(visitOf(view, 'M'))).toEqual({ total: 3, succeeded: 0, failed: 1, running: 0, aborted: 1, pending: 1 });
  });

  it('that was aborted has no culprit', () => {
    const view = runView(events(['ExecutionStarted'], ['WaitStateEntered', { name: 'W' }], ['ExecutionAborted', { error: 'E' }, 0]));
    expect(view.visits[0]?.status).toBe('aborted');
    expect(culprits(view)).toEqual([]);
  });

  it('goes on after a redrive in the visit that failed', () => {
    const failed = events(
      ['ExecutionStarted'], ['TaskStateEntered', { name: 'T' }], ['TaskScheduled', {}], ['TaskFailed', { error: 'E' }], ['ExecutionFailed', { error: 'E' }],
      ['ExecutionRedriven', { redriveCount: 1 }], ['TaskScheduled', {}, 2]);
    const during = runView(failed);
    expect([during.status, during.visits[0]?.status, during.visits[0]?.error]).toEqual(['RUNNING', 'running', undefined]);
    const after = runView([
      ...failed,
      { id: 8, previousEventId: 7, type: 'TaskSucceeded', timestamp: 1_700_000_008 },
      { id: 9, previousEventId: 8, type: 'TaskStateExited', timestamp: 1_700_000_009, stateExitedEventDetails: { name: 'T', output: '1' } },
      { id: 10, previousEventId: 9, type: 'ExecutionSucceeded', timestamp: 1_700_000_010 },
    ]);
    expect([after.status, after.visits[0]?.status]).toEqual(['SUCCEEDED', 'succeeded']);
  });

  it('in a circle shows the latest visit, in iterations the gravest', () => {
    const circle = runView(events(
      ['ExecutionStarted'], ['PassStateEntered', { name: 'A' }], ['PassStateExited', { name: 'A' }], ['PassStateEntered', { name: 'A' }]));
    expect(summaries(circle, {}).get('A')).toMatchObject({ status: 'running', visits: 2 });
  });

  it('with events of a kind that nobody knows yet is shown all the same', () => {
    const view = runView(events(['ExecutionStarted'], ['NovelStateEntered', { name: 'N' }], ['NovelThing'], ['NovelStateExited', { name: 'N' }]));
    expect(view.visits).toMatchObject([{ state: 'N', type: 'Novel', status: 'succeeded' }]);
  });

  it('of 25,000 events is read within a second', () => {
    const parts: [string, Record<string, unknown>?, number?][] = [['ExecutionStarted'], ['MapStateEntered', { name: 'M' }], ['MapStateStarted', { length: 6000 }]];
    for (let index = 0; index < 6000; index++) {
      parts.push(['MapIterationStarted', { name: 'M', index }, 3], ['PassStateEntered', { name: 'I' }], ['PassStateExited', { name: 'I' }], ['MapIterationSucceeded', { name: 'M', index }]);
    }
    const many = events(...parts);
    const began = performance.now();
    const view = runView(many);
    summaries(view, {});
    const took = performance.now() - began;
    expect(view.visits).toHaveLength(6001);
    expect(took).toBeLessThan(1000);
  });
});
