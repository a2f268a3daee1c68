import { Button, Checkbox, Group, Select, Table, Text, TextInput, Title } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { Link, useLocation, useSearchParams } from 'wouter';
import { links, machineName, unqualified } from '../api/arns';
import { rest } from '../api/rest';
import { STATUSES, type FoundExecution } from '../api/types';
import { useLocale, useText } from '../i18n';
import { Confirm } from '../shared/Actions';
import { Failed } from '../shared/Answer';
import { dateTime } from '../shared/format';
import { StatusBadge } from '../shared/StatusBadge';
import { bulkFilter, byError, filterOf, parametersOf, type Filter } from './filter';

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
            : <Results executions={executions} total={first.total} filter={filter} search={search} />}
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

/** What the API takes in one operation. */
const MOST_NAMED = 1000;

function Results({ executions, total, filter, search }: {
  executions: readonly FoundExecution[]; total: number; filter: Filter; search: (filter: Filter) => void;
}) {
  const t = useText();
  const locale = useLocale();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [bulk, setBulk] = useState<{ kind: 'stop' | 'redrive'; all: boolean }>();
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
          <Button size="xs" color="red" variant="outline" onClick={() => setBulk({ kind: 'stop', all: false })}>{t.search.stop}</Button>
          <Button size="xs" variant="default" onClick={() => setBulk({ kind: 'redrive', all: false })}>{t.search.redrive}</Button>
        </Group>
      )}
      {Object.keys(bulkFilter(filter)).length > 0 && (
        <Group gap="xs" mb="xs">
          <Button size="xs" color="red" variant="outline" onClick={() => setBulk({ kind: 'stop', all: true })}>{t.bulk.stopAll}</Button>
          <Button size="xs" variant="default" onClick={() => setBulk({ kind: 'redrive', all: true })}>{t.bulk.redriveAll}</Button>
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
          kind={bulk.kind}
          found={total}
          arns={bulk.all ? undefined : chosen.slice(0, MOST_NAMED).map((one) => one.executionArn)}
          filter={filter}
          close={() => setBulk(undefined)}
        />
      )}
    </>
  );
}

/** Makes an operation of it, which goes on by itself; the page that is led to shows how. */
function Bulk({ kind, found, arns, filter, close }: {
  kind: 'stop' | 'redrive'; found: number; arns: string[] | undefined; filter: Filter; close: () => void;
}) {
  const t = useText();
  const [, navigate] = useLocation();
  const [cause, setCause] = useState('');
  return (
    <Confirm
      title={arns === undefined ? (kind === 'stop' ? t.bulk.stopAll : t.bulk.redriveAll) : kind === 'stop' ? t.search.stop : t.search.redrive}
      close={close}
      {...(kind === 'stop' ? { color: 'red' } : {})}
      action={async () => {
        await rest.bulk({ kind, ...(arns === undefined ? { filter: bulkFilter(filter) } : { executionArns: arns }), ...(cause === '' ? {} : { cause }) });
        navigate(links.bulk());
      }}
    >
      <Text size="sm">{arns === undefined ? t.bulk.allHint(found) : t.bulk.selectedHint(arns.length)}</Text>
      {kind === 'stop' && <TextInput label={t.execution.cause} value={cause} onChange={(event) => setCause(event.currentTarget.value)} />}
    </Confirm>
  );
}
