import type { FoundExecution, HistoryEvent, Metrics } from '../api/types';
import { millis } from '../run/view';

/** As many are looked at: each costs a call or two. */
export const LOOKED_AT = 20;

/** From fewer ends nobody can say what is usual. */
const ENDS_AT_LEAST = 5;
const TIMES = 3;
const SHORTEST = 60_000;

/** How long executions of a machine took lately, in milliseconds. */
export interface Usual {
  median: number;
  slowest: number;
}

export function usualOf(metrics: Metrics): Usual | undefined {
  const bucket = metrics.buckets[0];
  if (bucket?.p50Millis === undefined || bucket.p99Millis === undefined) {
    return undefined;
  }
  const ended = bucket.succeeded + bucket.failed + bucket.timedOut + bucket.aborted;
  return ended < ENDS_AT_LEAST ? undefined : { median: bucket.p50Millis, slowest: bucket.p99Millis };
}

export interface Candidate {
  execution: FoundExecution;
  usual: Usual | undefined;
  /** Undefined: it couldn't be read. */
  last: HistoryEvent | undefined;
}

export interface Stuck extends Candidate {
  running: number;
  /** How long nothing has happened; undefined: nobody knows. */
  quietFor: number | undefined;
  longer: boolean;
  quiet: boolean;
}

/** Those that stand out, by what can be told from outside: neither reason is an error. */
export function stuck(candidates: readonly Candidate[], quietMinutes: number, now: number): Stuck[] {
  return candidates
    .map((candidate) => {
      const running = now - Date.parse(candidate.execution.startDate);
      const quietFor = candidate.last === undefined ? undefined : now - millis(candidate.last.timestamp);
      return {
        ...candidate,
        running,
        quietFor,
        longer: candidate.usual !== undefined && running > Math.max(SHORTEST, TIMES * candidate.usual.slowest),
        quiet: quietFor !== undefined && quietFor > quietMinutes * 60_000,
      };
    })
    .filter((one) => one.longer || one.quiet);
}
