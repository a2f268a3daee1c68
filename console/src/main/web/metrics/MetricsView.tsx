import { Alert, Select, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, useMemo } from 'react';
import { useSearchParams } from 'wouter';
import { rest } from '../api/rest';
import type { Metrics } from '../api/types';
import { useText } from '../i18n';
import { Answer } from '../shared/Answer';
import { duration } from '../shared/format';
import { Lazy } from '../shared/Lazy';
import { changed } from '../shared/parameters';
import { asked, COUNTS, durations, rangeOf, RANGES, rates, totals, type Range } from './series';

const Chart = lazy(() => import('./Chart'));

const COLORS = {
  started: '--run-running-line', succeeded: '--run-succeeded-line', failed: '--run-failed-line', timedOut: '--run-caught-line', aborted: '--run-aborted-line',
} as const;

/** What began and ended, and how long it took: of a machine, or of all. */
export default function MetricsView({ machine }: { machine: string | undefined }) {
  const t = useText();
  const [parameters, setParameters] = useSearchParams();
  const range = rangeOf(parameters.get('range'));
  const query = useQuery({
    queryKey: ['metrics', machine, range],
    queryFn: ({ signal }) => rest.metrics(asked(range, Date.now(), machine), signal),
    refetchInterval: RANGES[range] > 60 ? 30_000 : 3000,
  });
  return (
    <Stack gap="md">
      <Text size="sm">{t.metrics.hint}</Text>
      <Select
        label={t.metrics.range}
        data={(Object.keys(RANGES) as Range[]).map((value) => ({ value, label: t.metrics.ranges[value] }))}
        value={range}
        allowDeselect={false}
        maw={200}
        onChange={(value) => setParameters((before) => changed(before, { range: value === null || value === 'hour' ? undefined : value }), { replace: true })}
      />
      <Answer query={query}>{(metrics) => <Charts metrics={metrics} />}</Answer>
    </Stack>
  );
}

function Charts({ metrics }: { metrics: Metrics }) {
  const t = useText();
  const counted = useMemo(() => totals(metrics), [metrics]);
  const perMinute = useMemo(() => rates(metrics), [metrics]);
  const lengths = useMemo(() => durations(metrics), [metrics]);
  return (
    <>
      {!metrics.complete && <Alert color="yellow" role="status">{t.metrics.truncated}</Alert>}
      <Lazy>
        <Chart title={t.metrics.rate} columns={perMinute} lines={COUNTS.map((count) => ({ label: t.metrics.series[count], color: COLORS[count], total: counted[count] }))} />
        <Chart
          title={t.metrics.durations}
          columns={lengths}
          lines={[{ label: t.metrics.series.p50, color: '--run-running-line' }, { label: t.metrics.series.p99, color: '--run-caught-line' }]}
        />
      </Lazy>
      <Text size="sm" c="var(--muted)">{t.metrics.last(duration(metrics.bucketMillis))}</Text>
    </>
  );
}
