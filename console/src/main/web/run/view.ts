import type { HistoryEvent, Status } from '../api/types';

/**
 * A history as what a person wants to see of it: visits of states with their attempts, in the Parallel branches and Map
 * iterations in which they happened. Pure: the same events give the same view, in whatever portions they came.
 */

export type VisitStatus = 'running' | 'succeeded' | 'caught' | 'failed' | 'aborted';

export interface Attempt {
  scheduledId: number;
  from: number;
  to?: number;
  status: 'running' | 'succeeded' | 'failed' | 'aborted';
  error?: string;
  cause?: string;
  /** What the task was given. */
  parameters?: string;
  resource?: string;
  result?: string;
}

/** Where a visit happened: in an iteration (`index`) of a visit of Map, or in a branch of one of Parallel. */
export interface Scope {
  visit: Visit;
  index?: number;
}

export interface Iteration {
  index: number;
  status: 'running' | 'succeeded' | 'failed' | 'aborted';
  from: number;
  to?: number;
}

export interface Visit {
  /** The id of the event by which the state was entered. */
  id: number;
  /** The id of the event before it: of what led here. */
  cameFrom: number;
  state: string;
  type: string;
  scope: Scope | undefined;
  from: number;
  to?: number;
  status: VisitStatus;
  attempts: Attempt[];
  input?: string;
  output?: string;
  variables?: Record<string, string>;
  error?: string;
  cause?: string;
  /** The field whose expression failed. */
  location?: string;
  iterations: Iteration[];
  /** How many items a Map has. */
  length?: number;
  mapRunArn?: string;
}

export interface RunView {
  visits: Visit[];
  status: Status;
  events: HistoryEvent[];
  visitOf: ReadonlyMap<number, Visit>;
  from: number | undefined;
  to: number | undefined;
  redrives: number[];
}

export function millis(time: number | string): number {
  return typeof time === 'number' ? time * 1000 : Date.parse(time);
}

/** The one structure of details that an event has, whatever its type calls it. */
export function details(event: HistoryEvent): Record<string, unknown> {
  for (const [key, value] of Object.entries(event)) {
    if (key.endsWith('EventDetails') && typeof value === 'object' && value !== null) {
      return value as Record<string, unknown>;
    }
  }
  return {};
}

const str = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const ENDS: Record<string, Status> = {
  ExecutionSucceeded: 'SUCCEEDED',
  ExecutionFailed: 'FAILED',
  ExecutionTimedOut: 'TIMED_OUT',
  ExecutionAborted: 'ABORTED',
};

export function runView(events: readonly HistoryEvent[]): RunView {
  return new Reading().read(events);
}

/** Goes through a history once. An event belongs to the visit of the event before it, unless it says otherwise. */
class Reading {
  private readonly visits: Visit[] = [];
  private readonly visitOf = new Map<number, Visit>();
  /** Where a state that is entered next after an event is. */
  private readonly scopeAfter = new Map<number, Scope | undefined>();
  private readonly redrives: number[] = [];
  private status: Status = 'RUNNING';
  private from: number | undefined;
  private to: number | undefined;

  read(events: readonly HistoryEvent[]): RunView {
    for (const event of events) {
      this.take(event);
    }
    return {
      visits: this.visits,
      status: this.status,
      events: [...events],
      visitOf: this.visitOf,
      from: this.from,
      to: this.to,
      redrives: this.redrives,
    };
  }

  private take(event: HistoryEvent): void {
    const at = millis(event.timestamp);
    this.from ??= at;
    const end = ENDS[event.type];
    if (end !== undefined) {
      this.ended(event, end, at);
    } else if (event.type === 'ExecutionRedriven') {
      this.status = 'RUNNING';
      this.to = undefined;
      this.redrives.push(event.id);
    } else if (event.type.endsWith('StateEntered')) {
      this.entered(event, at);
    } else if (event.type.startsWith('MapIteration')) {
      this.iteration(event, at);
    } else {
      this.inside(event, at);
    }
  }

  private entered(event: HistoryEvent, at: number): void {
    const given = details(event);
    const input = str(given.input);
    const visit: Visit = {
      id: event.id,
      cameFrom: event.previousEventId,
      state: str(given.name) ?? '?',
      type: event.type.slice(0, -'StateEntered'.length),
      scope: this.scopeAfter.get(event.previousEventId),
      from: at,
      status: 'running',
      attempts: [],
      iterations: [],
      ...(input === undefined ? {} : { input }),
    };
    this.visits.push(visit);
    this.belongs(event, visit);
  }

  private belongs(event: HistoryEvent, visit: Visit | undefined): void {
    if (visit !== undefined) {
      this.visitOf.set(event.id, visit);
      this.scopeAfter.set(event.id, visit.scope);
    } else {
      this.scopeAfter.set(event.id, this.scopeAfter.get(event.previousEventId));
    }
  }

  /** The visit of an event, or the nearest around it that is meant: its branches' last events lead to Parallel's own. */
  private owner(event: HistoryEvent, isMeant: (visit: Visit) => boolean): Visit | undefined {
    let visit = this.visitOf.get(event.previousEventId);
    // After an iteration has ended the event before belongs to the Map already.
    while (visit !== undefined && !isMeant(visit)) {
      visit = visit.scope?.visit;
    }
    if (visit !== undefined) {
      return visit;
    }
    for (let index = this.visits.length - 1; index >= 0; index--) {
      const candidate = this.visits[index]!;
      if (candidate.to === undefined && isMeant(candidate)) {
        return candidate;
      }
    }
    return undefined;
  }

  private iteration(event: HistoryEvent, at: number): void {
    const given = details(event);
    const map = this.owner(event, (visit) => visit.type === 'Map' && visit.state === given.name);
    if (map === undefined) {
      return;
    }
    const index = Number(given.index ?? 0);
    if (event.type === 'MapIterationFailed') {
      this.failWithin(event, map, at);
    }
    this.visitOf.set(event.id, map);
    if (event.type === 'MapIterationStarted') {
      map.iterations[index] = { index, status: 'running', from: at };
      this.scopeAfter.set(event.id, { visit: map, index });
      return;
    }
    this.scopeAfter.set(event.id, map.scope);
    const iteration = (map.iterations[index] ??= { index, status: 'running', from: at });
    iteration.to = at;
    iteration.status =
      event.type === 'MapIterationSucceeded' ? 'succeeded' : event.type === 'MapIterationFailed' ? 'failed' : 'aborted';
  }

  private inside(event: HistoryEvent, at: number): void {
    const given = details(event);
    const visit = this.owner(event, belongsTo(event, given));
    const kind = event.type;
    if (visit !== undefined && (kind === 'ParallelStateFailed' || kind === 'MapStateFailed')) {
      this.failWithin(event, visit, at);
    }
    this.belongs(event, visit);
    if (visit === undefined) {
      return;
    }
    this.reopen(visit, event);
    if (kind.endsWith('StateExited')) {
      this.exited(visit, event, given, at);
    } else if (kind === 'ParallelStateStarted' || kind === 'MapStateStarted') {
      forgive(visit);
      if (typeof given.length === 'number') {
        visit.length = given.length;
      }
      this.scopeAfter.set(event.id, { visit });
    } else if (kind === 'MapRunStarted' || kind === 'MapRunRedriven') {
      const arn = str(given.mapRunArn);
      if (arn !== undefined) {
        visit.mapRunArn = arn;
      }
    } else if (kind.endsWith('StateAborted')) {
      close(visit, 'aborted', at);
    } else if (/Scheduled$/.test(kind)) {
      forgive(visit);
      visit.attempts.push(scheduled(event, given, at));
    } else if (/(Failed|TimedOut|Aborted)$/.test(kind)) {
      failed(visit, event, given, at);
    } else if (/Succeeded$/.test(kind)) {
      forgive(visit);
      const attempt = visit.attempts.at(-1);
      const result = str(given.output);
      if (attempt !== undefined) {
        attempt.to = at;
        attempt.status = 'succeeded';
        if (result !== undefined) {
          attempt.result = result;
        }
      }
    }
  }

  /** What led to the failure of a state that contains others: of a Fail state nothing else tells. */
  private failWithin(event: HistoryEvent, outer: Visit, at: number): void {
    for (let one = this.visitOf.get(event.previousEventId); one !== undefined && one !== outer; one = one.scope?.visit) {
      if (one.to === undefined) {
        close(one, 'failed', at);
      }
    }
  }

  /** A redriven state goes on in the visit that it had. */
  private reopen(visit: Visit, event: HistoryEvent): void {
    const redriven = this.redrives.at(-1);
    if (redriven === undefined || event.id < redriven || this.status !== 'RUNNING') {
      return;
    }
    for (let one: Visit | undefined = visit; one !== undefined; one = one.scope?.visit) {
      if (one.status === 'failed' || one.status === 'aborted') {
        one.status = 'running';
        delete one.to;
        forgive(one);
      }
    }
  }

  private exited(visit: Visit, event: HistoryEvent, given: Record<string, unknown>, at: number): void {
    const output = str(given.output);
    if (output !== undefined) {
      visit.output = output;
    }
    if (typeof given.assignedVariables === 'object' && given.assignedVariables !== null) {
      visit.variables = given.assignedVariables as Record<string, string>;
    }
    const wasCaught = visit.error !== undefined;
    close(visit, wasCaught ? 'caught' : 'succeeded', at);
    // What it contained and had not ended when it failed was stopped with it.
    if (wasCaught) {
      for (const other of this.visits) {
        if (other.to === undefined && isInside(other, visit)) {
          close(other, other.error === undefined ? 'aborted' : 'failed', at);
        }
      }
    }
    this.scopeAfter.set(event.id, visit.scope);
  }

  private ended(event: HistoryEvent, status: Status, at: number): void {
    this.status = status;
    this.to = at;
    const given = details(event);
    const last = this.visitOf.get(event.previousEventId);
    this.belongs(event, last);
    const failedOnes = new Set<Visit>();
    for (let one = status === 'FAILED' ? last : undefined; one !== undefined; one = one.scope?.visit) {
      failedOnes.add(one);
    }
    for (const visit of this.visits) {
      if (visit.to === undefined) {
        const isCulprit = visit.error !== undefined || failedOnes.has(visit);
        if (isCulprit && visit.error === undefined) {
          const error = str(given.error);
          const cause = str(given.cause);
          if (error !== undefined) {
            visit.error = error;
          }
          if (cause !== undefined) {
            visit.cause = cause;
          }
        }
        close(visit, isCulprit ? 'failed' : 'aborted', at);
      }
    }
  }
}

/** Whose event this is, among a visit and those around it. */
function belongsTo(event: HistoryEvent, given: Record<string, unknown>): (visit: Visit) => boolean {
  if (event.type === 'EvaluationFailed' && typeof given.state === 'string') {
    return (visit) => visit.state === given.state;
  }
  const exited = /^(\w+?)State(Exited|Started|Succeeded|Failed|Aborted)$/.exec(event.type);
  if (exited) {
    const named = str(given.name);
    return (visit) => visit.type === exited[1] && (named === undefined || visit.state === named);
  }
  if (event.type.startsWith('MapRun')) {
    return (visit) => visit.type === 'Map';
  }
  return () => true;
}

function scheduled(event: HistoryEvent, given: Record<string, unknown>, at: number): Attempt {
  const parameters = str(given.parameters) ?? str(given.input);
  const resource = [str(given.resourceType), str(given.resource)].filter(Boolean).join(':');
  return {
    scheduledId: event.id,
    from: at,
    status: 'running',
    ...(parameters === undefined ? {} : { parameters }),
    ...(resource === '' ? {} : { resource }),
  };
}

function failed(visit: Visit, event: HistoryEvent, given: Record<string, unknown>, at: number): void {
  const error = str(given.error) ?? (event.type.endsWith('TimedOut') ? 'States.Timeout' : undefined);
  const cause = str(given.cause);
  const location = str(given.location);
  const attempt = visit.attempts.at(-1);
  if (attempt !== undefined && attempt.to === undefined) {
    attempt.to = at;
    attempt.status = event.type.endsWith('Aborted') ? 'aborted' : 'failed';
    if (error !== undefined) {
      attempt.error = error;
    }
    if (cause !== undefined) {
      attempt.cause = cause;
    }
  }
  visit.error = error ?? visit.error ?? event.type;
  if (cause !== undefined) {
    visit.cause = cause;
  }
  if (location !== undefined) {
    visit.location = location;
  }
}

/** Another attempt was made: what went wrong before it is its attempts' matter. */
function forgive(visit: Visit): void {
  delete visit.error;
  delete visit.cause;
  delete visit.location;
}

function close(visit: Visit, status: VisitStatus, at: number): void {
  visit.to = at;
  visit.status = status;
  for (const attempt of visit.attempts) {
    if (attempt.to === undefined) {
      attempt.to = at;
      attempt.status = status === 'succeeded' ? 'succeeded' : 'aborted';
    }
  }
  for (const iteration of visit.iterations) {
    if (iteration !== undefined && iteration.to === undefined) {
      iteration.to = at;
      iteration.status = status === 'succeeded' ? 'succeeded' : 'aborted';
    }
  }
}

export function isInside(visit: Visit, outer: Visit): boolean {
  for (let scope = visit.scope; scope !== undefined; scope = scope.visit.scope) {
    if (scope.visit === outer) {
      return true;
    }
  }
  return false;
}

// ---------------------------------------------------------------- what pages ask of a view

/** Which iteration of which Map is looked at, by the Map's name; those that aren't named are looked at as a whole. */
export type Picked = Readonly<Record<string, number>>;

export function isPicked(visit: Visit, picked: Picked): boolean {
  for (let scope = visit.scope; scope !== undefined; scope = scope.visit.scope) {
    const index = picked[scope.visit.state];
    if (index !== undefined && scope.index !== undefined && scope.index !== index) {
      return false;
    }
  }
  return true;
}

export interface StateSummary {
  status: VisitStatus;
  /** The latest visit. */
  visit: Visit;
  counts: Record<VisitStatus, number>;
  visits: number;
}

/** What is to be told first, if a state was visited several times at once. */
const GRAVITY: VisitStatus[] = ['running', 'failed', 'aborted', 'caught', 'succeeded'];

/** Of each state that was visited. In a circle the latest visit counts, in iterations the gravest of all. */
export function summaries(view: RunView, picked: Picked): Map<string, StateSummary> {
  const found = new Map<string, StateSummary>();
  for (const visit of view.visits) {
    if (!isPicked(visit, picked)) {
      continue;
    }
    const known = found.get(visit.state);
    if (known === undefined) {
      const counts = { running: 0, succeeded: 0, caught: 0, failed: 0, aborted: 0 };
      counts[visit.status] = 1;
      found.set(visit.state, { status: visit.status, visit, counts, visits: 1 });
      continue;
    }
    known.visits++;
    known.counts[visit.status]++;
    known.visit = visit;
    const isConcurrent = visit.scope?.index !== undefined;
    known.status = isConcurrent ? GRAVITY.find((status) => known.counts[status] > 0)! : visit.status;
  }
  return found;
}

/** The ways that were taken: a pair of states of which one was entered right after the other. */
export function taken(view: RunView): Set<string> {
  const ways = new Set<string>();
  for (const visit of view.visits) {
    const before = view.visitOf.get(visit.cameFrom);
    if (before !== undefined && before !== visit && before.scope?.visit === visit.scope?.visit) {
      ways.add(wayKey(before.state, visit.state));
    }
  }
  return ways;
}

export function wayKey(from: string, to: string): string {
  return JSON.stringify([from, to]);
}

/** The innermost visits that failed, latest first: where to look. */
export function culprits(view: RunView): Visit[] {
  const failedOnes = view.visits.filter((visit) => visit.status === 'failed');
  return failedOnes.filter((visit) => !failedOnes.some((other) => isInside(other, visit))).reverse();
}

export interface RollUp {
  total: number;
  succeeded: number;
  failed: number;
  running: number;
  aborted: number;
  pending: number;
}

export function rollUp(map: Visit): RollUp {
  const counts = { succeeded: 0, failed: 0, running: 0, aborted: 0 };
  let begun = 0;
  for (const iteration of map.iterations) {
    if (iteration !== undefined) {
      counts[iteration.status]++;
      begun++;
    }
  }
  const total = Math.max(map.length ?? 0, map.iterations.length);
  return { total, ...counts, pending: total - begun };
}
