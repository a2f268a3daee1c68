import type { Bucket, Metrics } from '../api/types';

export const RANGES = { quarter: 15, hour: 60, sixHours: 360, day: 1440, week: 10_080 } as const;
export type Range = keyof typeof RANGES;

export const COUNTS = ['started', 'succeeded', 'failed', 'timedOut', 'aborted'] as const;
export type Count = (typeof COUNTS)[number];

const BUCKETS = 60;

export function rangeOf(text: string | null): Range {
  return text !== null && Object.hasOwn(RANGES, text) ? (text as Range) : 'hour';
}

/**
 * What to ask for, so that what is drawn stands still until the next point begins: the last stretch of time is the one that
 * `now` is in.
 */
export function asked(range: Range, now: number, machine: string | undefined): URLSearchParams {
  const length = (RANGES[range] * 60_000) / BUCKETS;
  const to = (Math.floor(now / length) + 1) * length;
  return new URLSearchParams({
    from: new Date(to - BUCKETS * length).toISOString(),
    to: new Date(to).toISOString(),
    buckets: String(BUCKETS),
    ...(machine ? { machine } : {}),
  });
}

/** Columns for a chart: seconds since 1970, then one value per point and series. A gap where nothing is known. */
export type Columns = [number[], ...(number | null)[][]];

const times = (metrics: Metrics) => metrics.buckets.map((bucket) => Date.parse(bucket.from) / 1000);

export function rates(metrics: Metrics): Columns {
  const perMinute = 60_000 / metrics.bucketMillis;
  return [times(metrics), ...COUNTS.map((count) => metrics.buckets.map((bucket) => bucket[count] * perMinute))];
}

export function durations(metrics: Metrics): Columns {
  const seconds = (read: (bucket: Bucket) => number | undefined) =>
    metrics.buckets.map((bucket) => {
      const value = read(bucket);
      return value === undefined ? null : value / 1000;
    });
  return [times(metrics), seconds((bucket) => bucket.p50Millis), seconds((bucket) => bucket.p99Millis)];
}

export function totals(metrics: Metrics): Record<Count, number> {
  return Object.fromEntries(
    COUNTS.map((count) => [count, metrics.buckets.reduce((sum, bucket) => sum + bucket[count], 0)])) as Record<Count, number>;
}
