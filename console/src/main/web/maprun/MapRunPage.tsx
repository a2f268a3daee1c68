import { Alert, Button, Group, NumberInput, Paper, Select, SimpleGrid, Text, Title } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import { aws } from '../api/aws';
import { executionName, links } from '../api/arns';
import { STATUSES, type Counts, type ExecutionItem, type MapRun, type Status } from '../api/types';
import { useLocale, useText } from '../i18n';
import { millis } from '../run/view';
import { Answer, Failed } from '../shared/Answer';
import { dateTime, duration } from '../shared/format';
import { changed } from '../shared/parameters';
import { StatusBadge } from '../shared/StatusBadge';

/** As many children as a page lists; the rest is found by status. */
const MOST = 10_000;
const ROW = 34;
const SETTLED_MILLIS = 60_000;

export default function MapRunPage({ arn }: { arn: string }) {
  const t = useText();
  const locale = useLocale();
  const query = useQuery({
    queryKey: ['mapRun', arn],
    queryFn: ({ signal }) => aws.describeMapRun(arn, signal),
    refetchInterval: ({ state }) => (state.data === undefined || state.data.status === 'RUNNING' ? 1000 : false),
  });
  return (
    <Answer query={query}>
      {(run) => (
        <>
          <Group gap="sm" mb="xs">
            <Title order={1} size="h2">{t.mapRun.title}</Title>
            <StatusBadge status={run.status} />
          </Group>
          <Text size="sm" mb="md" className="payload-text">
            {t.mapRun.of} <Link href={links.execution(run.executionArn)}>{executionName(run.executionArn)}</Link> · {dateTime(run.startDate, locale)}
            {run.stopDate === undefined ? '' : ` · ${duration(millis(run.stopDate) - millis(run.startDate))}`}
          </Text>
          <SimpleGrid cols={{ base: 1, md: 2 }} mb="md">
            <Paper withBorder p="sm">
              <Title order={2} size="h4">{t.mapRun.items}</Title>
              <Progress counts={run.itemCounts} />
            </Paper>
            <Paper withBorder p="sm">
              <Title order={2} size="h4" mb="xs">{t.mapRun.limits}</Title>
              <Limits key={`${run.maxConcurrency} ${run.toleratedFailureCount} ${run.toleratedFailurePercentage} ${run.status}`} run={run} />
            </Paper>
          </SimpleGrid>
          <Children arn={arn} run={run} />
        </>
      )}
    </Answer>
  );
}

/** The counts as a bar and in words. */
function Progress({ counts }: { counts: Counts }) {
  const t = useText();
  const failed = counts.failed + counts.timedOut;
  const parts = [
    ['succeeded', counts.succeeded], ['failed', failed], ['aborted', counts.aborted], ['running', counts.running],
  ] as const;
  return (
    <>
      <Text data-rollup>{t.graph.rollUp({ total: counts.total, succeeded: counts.succeeded, failed, running: counts.running, aborted: counts.aborted, pending: counts.pending })}</Text>
      <svg width="100%" height="18" role="img" aria-label={t.mapRun.items} preserveAspectRatio="none" viewBox="0 0 1000 18">
        <rect width="1000" height="18" fill="var(--hover)" />
        {parts.map(([name, count], index) => {
          const before = parts.slice(0, index).reduce((sum, part) => sum + part[1], 0);
          const share = 1000 / Math.max(counts.total, 1);
          return <rect key={name} className={`run-${name}`} x={before * share} width={count * share} height="18" fill="var(--line)" />;
        })}
      </svg>
    </>
  );
}

function Limits({ run }: { run: MapRun }) {
  const t = useText();
  const client = useQueryClient();
  const [concurrency, setConcurrency] = useState<number | string>(run.maxConcurrency);
  const [count, setCount] = useState<number | string>(run.toleratedFailureCount);
  const [percentage, setPercentage] = useState<number | string>(run.toleratedFailurePercentage);
  const [failure, setFailure] = useState<unknown>();
  const [isSaved, setSaved] = useState(false);
  const isOver = run.status !== 'RUNNING';
  const save = async () => {
    setFailure(undefined);
    setSaved(false);
    try {
      await aws.updateMapRun({
        mapRunArn: run.mapRunArn,
        maxConcurrency: Number(concurrency),
        toleratedFailureCount: Number(count),
        toleratedFailurePercentage: Number(percentage),
      });
      setSaved(true);
      await client.invalidateQueries({ queryKey: ['mapRun', run.mapRunArn] });
    } catch (error) {
      setFailure(error);
    }
  };
  return (
    <>
      <Group align="end">
        <NumberInput label={t.mapRun.maxConcurrency} min={0} value={concurrency} onChange={setConcurrency} disabled={isOver} allowDecimal={false} />
        <NumberInput label={t.mapRun.toleratedCount} min={0} value={count} onChange={setCount} disabled={isOver} allowDecimal={false} />
        <NumberInput label={t.mapRun.toleratedPercentage} min={0} max={100} value={percentage} onChange={setPercentage} disabled={isOver} />
        <Button disabled={isOver} onClick={() => void save()}>{t.save}</Button>
      </Group>
      {isOver && <Text size="sm" mt="xs">{t.mapRun.ended}</Text>}
      {isSaved && <Alert mt="xs" color="green" role="status">{t.mapRun.saved}</Alert>}
      {failure !== undefined && <Failed error={failure} />}
    </>
  );
}

/** The list of children follows the run by moments, so it is asked for a while after the run has ended. */
export function mayGrow(run: Pick<MapRun, 'stopDate'>, now: number): boolean {
  return run.stopDate === undefined || now - millis(run.stopDate) < SETTLED_MILLIS;
}

function Children({ arn, run }: { arn: string; run: MapRun }) {
  const t = useText();
  const [parameters, setParameters] = useSearchParams();
  const status = STATUSES.find((one) => one === parameters.get('status'));
  const query = useQuery({
    queryKey: ['children', arn, status, run.status],
    queryFn: ({ signal }) => aws.listExecutionsUpTo({ mapRunArn: arn, ...(status ? { statusFilter: status } : {}) }, MOST, signal),
    placeholderData: (before, previous) => (previous?.queryKey[2] === status ? before : undefined),
    refetchInterval: () => (mayGrow(run, Date.now()) ? 3000 : false),
  });
  return (
    <>
      <Title order={2} size="h4" mb="xs">{t.mapRun.children}</Title>
      <Select
        label={t.statusLabel}
        mb="sm"
        maw={240}
        data={[{ value: '', label: t.all }, ...STATUSES.map((value: Status) => ({ value, label: t.status[value] }))]}
        value={status ?? ''}
        allowDeselect={false}
        onChange={(value) => setParameters(changed(parameters, { status: value || undefined }), { replace: true })}
      />
      <Answer query={query}>
        {({ items, complete }) => items.length === 0 ? <Text>{t.mapRun.noChildren}</Text> : (
          <>
            <List items={items} />
            {!complete && <Text size="sm">{t.mapRun.notAll(items.length)}</Text>}
          </>
        )}
      </Answer>
    </>
  );
}

function List({ items }: { items: readonly ExecutionItem[] }) {
  const t = useText();
  const locale = useLocale();
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({ count: items.length, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 10 });
  return (
    <div ref={scroller} className="events" role="list" aria-label={t.mapRun.children} tabIndex={0} data-count={items.length}>
      <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
        {rows.getVirtualItems().map((row) => {
          const item = items[row.index]!;
          return (
            <div key={item.executionArn} role="listitem" className="child-row" style={{ transform: `translateY(${row.start}px)`, height: ROW }}>
              <Link href={links.execution(item.executionArn)}>{item.name}</Link>
              <StatusBadge status={item.status} />
              <span>{dateTime(item.startDate, locale)}</span>
              <span>{item.stopDate === undefined ? '' : duration(millis(item.stopDate) - millis(item.startDate))}</span>
            </div>
          );
        })}
      </div>
    </div>
  );
}
