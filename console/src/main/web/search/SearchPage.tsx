import { Button, Checkbox, Group, Select, Table, Text, TextInput, Title } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import { aws } from '../api/aws';
import { links, machineName, unqualified } from '../api/arns';
import { failureOf } from '../api/failure';
import { rest } from '../api/rest';
import { STATUSES, type FoundExecution } from '../api/types';
import { useLocale, useText } from '../i18n';
import { Confirm } from '../shared/Actions';
import { Failed } from '../shared/Answer';
import { dateTime } from '../shared/format';
import { StatusBadge } from '../shared/StatusBadge';
import { byError, filterOf, parametersOf, type Filter } from './filter';

export default function SearchPage() {
  const t = useText();
  const locale = useLocale();
  const [parameters, setParameters] = useSearchParams();
  const filter = useMemo(() => filterOf(parameters), [parameters]);
  const key = parametersOf(filter).toString();
  const query = useInfiniteQuery({
    queryKey: ['search', key],
    queryFn: ({ pageParam, signal }) => {
      const asked = new URLSearchParams(key);
      asked.set('limit', '100');
      if (pageParam !== undefined) {
        asked.set('pageToken', pageParam);
      }
      return rest.search(asked, signal);
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextPageToken,
  });
  const executions = useMemo(() => query.data?.pages.flatMap((page) => page.executions) ?? [], [query.data]);
  const first = query.data?.pages[0];
  const search = (wanted: Filter) => setParameters(parametersOf(wanted));
  return (
    <>
      <Title order={1} size="h2" mb="md">{t.search.title}</Title>
      <Conditions key={key} filter={filter} search={search} busy={query.isFetching} again={() => void query.refetch()} />
      {query.isError && <Failed error={query.error} again={() => void query.refetch()} />}
      {query.data === undefined && !query.isError && <Text role="status">{t.loading}</Text>}
      {first && (
        <>
          <Text size="sm" role="status" mb="xs">
            {t.search.found(`${first.total}${first.totalIsLowerBound ? '+' : ''}`)}
            {first.asOf === undefined ? '' : ` ${t.search.asOf(dateTime(first.asOf, locale))}`}
            {first.partlyIndexed > 0 ? `; ${t.search.partly(first.partlyIndexed)}` : ''}
          </Text>
          {executions.length === 0
            ? <Text>{t.search.none}</Text>
            : <Results executions={executions} filter={filter} search={search} changed={() => void query.refetch()} />}
          {query.hasNextPage && <Button variant="default" mt="sm" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t.more}</Button>}
        </>
      )}
    </>
  );
}

function Conditions({ filter, search, busy, again }: { filter: Filter; search: (filter: Filter) => void; busy: boolean; again: () => void }) {
  const t = useText();
  const [wanted, setWanted] = useState<Filter>(filter);
  const field = (name: keyof Filter, label: string, placeholder?: string) => (
    <TextInput
      label={label}
      {...(placeholder ? { placeholder } : {})}
      value={wanted[name] ?? ''}
      onChange={(event) => setWanted({ ...wanted, [name]: event.currentTarget.value })}
    />
  );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (parametersOf(wanted).toString() === parametersOf(filter).toString()) {
          again();
        }
        search(wanted);
      }}
    >
      <TextInput
        label={t.search.query}
        description={t.search.queryHint}
        value={wanted.q ?? ''}
        onChange={(event) => setWanted({ ...wanted, q: event.currentTarget.value })}
        mb="xs"
      />
      <Group align="end" mb="md">
        {field('machine', t.search.machine)}
        <Select
          label={t.statusLabel}
          data={[{ value: '', label: t.all }, ...STATUSES.map((value) => ({ value, label: t.status[value] }))]}
          value={wanted.status ?? ''}
          allowDeselect={false}
          onChange={(value) => setWanted({ ...wanted, status: value ?? '' })}
        />
        {field('error', t.search.error)}
        {field('startedAfter', t.search.after, '2026-01-31')}
        {field('startedBefore', t.search.before, '2026-01-31T08:00:00Z')}
        <Button type="submit" loading={busy}>{t.search.go}</Button>
      </Group>
    </form>
  );
}

function Results({ executions, filter, search, changed }: {
  executions: readonly FoundExecution[]; filter: Filter; search: (filter: Filter) => void; changed: () => void;
}) {
  const t = useText();
  const locale = useLocale();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [bulk, setBulk] = useState<'stop' | 'redrive'>();
  const errors = useMemo(() => byError(executions), [executions]);
  const toggle = (arn: string) => {
    const after = new Set(selected);
    if (!after.delete(arn)) {
      after.add(arn);
    }
    setSelected(after);
  };
  const chosen = executions.filter((one) => selected.has(one.executionArn));
  return (
    <>
      {errors.length > 0 && filter.error === undefined && (
        <Group gap="xs" mb="xs" role="group" aria-label={t.search.byError}>
          <Text size="sm">{t.search.byError}:</Text>
          {errors.slice(0, 12).map(([error, count]) => (
            <Button key={error} size="compact-xs" variant="default" onClick={() => search({ ...filter, error })}>
              <span className="payload-text">{error.slice(0, 80)}</span>&nbsp;{count}
            </Button>
          ))}
        </Group>
      )}
      {chosen.length > 0 && (
        <Group gap="xs" mb="xs">
          <Text size="sm" role="status">{t.search.selected(chosen.length)}</Text>
          <Button size="xs" color="red" variant="outline" onClick={() => setBulk('stop')}>{t.search.stop}</Button>
          <Button size="xs" variant="default" onClick={() => setBulk('redrive')}>{t.search.redrive}</Button>
        </Group>
      )}
      <Table.ScrollContainer minWidth={900}>
        <Table highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>
                <Checkbox
                  aria-label={t.all}
                  checked={chosen.length === executions.length}
                  indeterminate={chosen.length > 0 && chosen.length < executions.length}
                  onChange={() => setSelected(chosen.length === executions.length ? new Set() : new Set(executions.map((one) => one.executionArn)))}
                />
              </Table.Th>
              <Table.Th>{t.name}</Table.Th><Table.Th>{t.search.machine}</Table.Th><Table.Th>{t.statusLabel}</Table.Th><Table.Th>{t.started}</Table.Th><Table.Th>{t.detail.error}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {executions.map((one) => (
              <Table.Tr key={one.executionArn}>
                <Table.Td><Checkbox aria-label={t.search.select(one.name)} checked={selected.has(one.executionArn)} onChange={() => toggle(one.executionArn)} /></Table.Td>
                <Table.Td className="payload-text"><Link href={links.execution(one.executionArn)}>{one.name}</Link></Table.Td>
                <Table.Td className="payload-text"><Link href={links.machine(unqualified(one.stateMachineArn))}>{machineName(one.stateMachineArn)}</Link></Table.Td>
                <Table.Td><StatusBadge status={one.status} /></Table.Td>
                <Table.Td>{dateTime(one.startDate, locale)}</Table.Td>
                <Table.Td className="payload-text">{one.error ?? ''}{one.cause === undefined ? '' : `: ${one.cause.slice(0, 120)}`}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {bulk && (
        <Bulk
          title={bulk === 'stop' ? t.search.stop : t.search.redrive}
          arns={chosen.map((one) => one.executionArn)}
          act={bulk === 'stop' ? (arn) => aws.stop(arn) : (arn) => aws.redrive(arn)}
          close={() => {
            setBulk(undefined);
            setSelected(new Set());
            changed();
          }}
        />
      )}
    </>
  );
}

/** One call after the other: a thousand at once would be refused, and could not be followed. */
function Bulk({ title, arns, act, close }: { title: string; arns: string[]; act: (arn: string) => Promise<unknown>; close: () => void }) {
  const t = useText();
  const [done, setDone] = useState(0);
  const [refused, setRefused] = useState<string[]>([]);
  return (
    <Confirm
      title={title}
      close={close}
      action={async () => {
        const failures: string[] = [];
        setDone(0);
        setRefused([]);
        for (const arn of arns) {
          try {
            await act(arn);
          } catch (error) {
            failures.push(`${arn.split(':').pop()}: ${failureOf(error).message}`);
            setRefused([...failures]);
          }
          setDone((count) => count + 1);
        }
        if (failures.length > 0) {
          throw new Error(t.search.refused(failures.length));
        }
      }}
    >
      <Text size="sm">{t.search.bulkHint(arns.length)}</Text>
      <Text size="sm" role="status" data-testid="bulk-progress">{t.search.progress(done, arns.length)}</Text>
      {refused.slice(0, 20).map((line) => <Text key={line} size="xs" className="payload-text">{line}</Text>)}
    </Confirm>
  );
}
