import { Button, Group, Select, SimpleGrid, Table, Tabs, Text, Title } from '@mantine/core';
import { useInfiniteQuery, useQueries, useQuery } from '@tanstack/react-query';
import { lazy, useMemo, useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import { aws } from '../api/aws';
import { links, qualifier, unqualified } from '../api/arns';
import { rest } from '../api/rest';
import { STATUSES, type ExecutionItem, type Machine, type Status } from '../api/types';
import { parse } from '../asl/graph';
import { useLocale, useText } from '../i18n';
import { millis } from '../run/view';
import { StartDialog } from '../shared/Actions';
import { Answer, Failed } from '../shared/Answer';
import { dateTime, duration } from '../shared/format';
import { Lazy } from '../shared/Lazy';
import { Payload } from '../shared/Payload';
import { StatusBadge } from '../shared/StatusBadge';

const MetricsView = lazy(() => import('../metrics/MetricsView'));
const Graph = lazy(() => import('../shared/Graph'));
const VersionDiff = lazy(() => import('../editor/VersionDiff'));

export function MachinePage({ arn }: { arn: string }) {
  const t = useText();
  const [parameters, setParameters] = useSearchParams();
  const [starting, setStarting] = useState(false);
  const query = useQuery({ queryKey: ['machine', arn], queryFn: ({ signal }) => aws.describeMachine(arn, signal), refetchInterval: 15_000 });
  return (
    <Answer query={query}>
      {(machine) => (
        <>
          <Group justify="space-between" mb="md">
            <div>
              <Title order={1} size="h2" className="payload-text">{machine.name}{qualifier(arn) === undefined ? '' : ` : ${qualifier(arn)}`}</Title>
              <Text size="sm" c="var(--muted)" className="payload-text">{machine.stateMachineArn} · {machine.type} · {machine.status}</Text>
            </div>
            <Group>
              <Button onClick={() => setStarting(true)} disabled={machine.type === 'EXPRESS'}>{t.start.action}</Button>
              <Button component={Link} href={links.edit(arn)} variant="default">{t.editor.edit}</Button>
            </Group>
          </Group>
          {machine.type === 'EXPRESS' && <Text size="sm" mb="sm">{t.machines.express}</Text>}
          <Tabs
            value={parameters.get('tab') ?? 'executions'}
            onChange={(tab) => setParameters(tab === null || tab === 'executions' ? {} : { tab })}
            keepMounted={false}
          >
            <Tabs.List mb="md">
              <Tabs.Tab value="executions">{t.executions.title}</Tabs.Tab>
              {machine.type === 'STANDARD' && <Tabs.Tab value="metrics">{t.metrics.title}</Tabs.Tab>}
              <Tabs.Tab value="definition">{t.definition}</Tabs.Tab>
              <Tabs.Tab value="versions">{t.machines.versions}</Tabs.Tab>
              <Tabs.Tab value="tags">{t.machines.tags}</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="executions">
              {machine.type === 'EXPRESS' ? null : <Executions machineArn={arn} />}
            </Tabs.Panel>
            <Tabs.Panel value="metrics"><Lazy><MetricsView machine={unqualified(machine.stateMachineArn)} /></Lazy></Tabs.Panel>
            <Tabs.Panel value="definition"><Definition machine={machine} /></Tabs.Panel>
            <Tabs.Panel value="versions"><Versions machine={machine} /></Tabs.Panel>
            <Tabs.Panel value="tags"><Tags arn={machine.stateMachineArn} /></Tabs.Panel>
          </Tabs>
          {starting && <StartDialog machineArn={arn} close={() => setStarting(false)} />}
        </>
      )}
    </Answer>
  );
}

function Definition({ machine }: { machine: Machine }) {
  const t = useText();
  const region = useMemo(() => parse(machine.definition), [machine.definition]);
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }}>
      <div className="graph-frame"><Lazy><Graph region={region} /></Lazy></div>
      <Payload title={t.definition} text={machine.definition} file={`${machine.name}.asl`} />
    </SimpleGrid>
  );
}

export function Executions({ machineArn }: { machineArn: string }) {
  const t = useText();
  const [parameters, setParameters] = useSearchParams();
  const status = STATUSES.find((one) => one === parameters.get('status'));
  const query = useInfiniteQuery({
    queryKey: ['executions', machineArn, status],
    queryFn: ({ pageParam, signal }) =>
      aws.listExecutions({ stateMachineArn: machineArn, ...(status ? { statusFilter: status } : {}) }, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextToken,
    // Later pages are as they were read; the first one tells what is new.
    refetchInterval: (current) => ((current.state.data?.pages.length ?? 1) > 1 ? false : 3000),
  });
  const executions = useMemo(() => query.data?.pages.flatMap((page) => page.executions) ?? [], [query.data]);
  return (
    <>
      <Group align="end" mb="sm">
        <Select
          label={t.statusLabel}
          data={[{ value: '', label: t.all }, ...STATUSES.map((value) => ({ value, label: t.status[value] }))]}
          value={status ?? ''}
          allowDeselect={false}
          onChange={(value) => setParameters(value ? { status: value } : {}, { replace: true })}
        />
        <LiveCounts machineArn={machineArn} />
      </Group>
      {query.data === undefined
        ? query.isError ? <Failed error={query.error} again={() => void query.refetch()} /> : <Text role="status">{t.loading}</Text>
        : <>
            {query.isError && <Failed error={query.error} again={() => void query.refetch()} />}
            {executions.length === 0
              ? <Text>{status === undefined ? t.executions.none : t.executions.noneWith(t.status[status])}</Text>
              : <ExecutionTable executions={executions} />}
          </>}
      {query.hasNextPage && (
        <Button variant="default" mt="sm" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t.more}</Button>
      )}
    </>
  );
}

/** How many there are of each status, from the index. */
function LiveCounts({ machineArn }: { machineArn: string }) {
  const t = useText();
  const counts = useQueries({
    queries: STATUSES.map((status: Status) => ({
      queryKey: ['count', machineArn, status],
      queryFn: ({ signal }: { signal: AbortSignal }) => rest.search(new URLSearchParams({ machine: machineArn, status, limit: '1' }), signal),
      refetchInterval: 3000,
    })),
  });
  return (
    <Group gap="xs" role="group" aria-label={t.executions.counts}>
      {STATUSES.map((status, index) => {
        const found = counts[index]?.data;
        return (
          <span key={status} className={`status status-${status.toLowerCase().replace('_', '-')}`} data-count={status}>
            {t.status[status]} {found === undefined ? '…' : `${found.total}${found.totalIsLowerBound ? '+' : ''}`}
          </span>
        );
      })}
    </Group>
  );
}

export function ExecutionTable({ executions }: { executions: readonly ExecutionItem[] }) {
  const t = useText();
  const locale = useLocale();
  return (
    <Table.ScrollContainer minWidth={700}>
      <Table highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t.name}</Table.Th>
            <Table.Th>{t.statusLabel}</Table.Th>
            <Table.Th>{t.started}</Table.Th>
            <Table.Th>{t.duration}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {executions.map((execution) => (
            <Table.Tr key={execution.executionArn}>
              <Table.Td className="payload-text"><Link href={links.execution(execution.executionArn)}>{execution.name}</Link></Table.Td>
              <Table.Td><StatusBadge status={execution.status} /></Table.Td>
              <Table.Td>{dateTime(execution.startDate, locale)}</Table.Td>
              <Table.Td>{execution.stopDate === undefined ? '–' : duration(millis(execution.stopDate) - millis(execution.startDate))}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Versions({ machine }: { machine: Machine }) {
  const t = useText();
  const locale = useLocale();
  const [compared, setCompared] = useState<string>();
  const versions = useQuery({ queryKey: ['versions', machine.stateMachineArn], queryFn: ({ signal }) => aws.listVersions(machine.stateMachineArn, signal) });
  const aliases = useQuery({
    queryKey: ['aliases', machine.stateMachineArn],
    queryFn: async ({ signal }) => {
      const found = await aws.listAliases(machine.stateMachineArn, signal);
      return Promise.all(found.map((alias) => aws.describeAlias(alias.stateMachineAliasArn, signal)));
    },
  });
  return (
    <>
      <Title order={2} size="h4" mb="xs">{t.machines.aliases}</Title>
      <Answer query={aliases}>
        {(found) => found.length === 0 ? <Text mb="md">{t.machines.noAliases}</Text> : (
          <Table mb="md">
            <Table.Thead><Table.Tr><Table.Th>{t.name}</Table.Th><Table.Th>{t.machines.routes}</Table.Th></Table.Tr></Table.Thead>
            <Table.Tbody>
              {found.map((alias) => (
                <Table.Tr key={alias.stateMachineAliasArn}>
                  <Table.Td>{alias.name}</Table.Td>
                  <Table.Td>{alias.routingConfiguration.map((route) => `${qualifier(route.stateMachineVersionArn)}: ${route.weight} %`).join(', ')}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Answer>
      <Title order={2} size="h4" mb="xs">{t.machines.versions}</Title>
      <Answer query={versions}>
        {(found) => found.length === 0 ? <Text>{t.machines.noVersions}</Text> : (
          <Table>
            <Table.Thead><Table.Tr><Table.Th>{t.machines.version}</Table.Th><Table.Th>{t.created}</Table.Th><Table.Th>{t.machines.compare}</Table.Th></Table.Tr></Table.Thead>
            <Table.Tbody>
              {found.map((version) => (
                <Table.Tr key={version.stateMachineVersionArn}>
                  <Table.Td><Link href={links.machine(version.stateMachineVersionArn)}>{qualifier(version.stateMachineVersionArn)}</Link></Table.Td>
                  <Table.Td>{dateTime(version.creationDate, locale)}</Table.Td>
                  <Table.Td>
                    <Button size="compact-sm" variant="default" onClick={() => setCompared(version.stateMachineVersionArn)}>
                      {t.machines.compareWithNow}
                    </Button>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Answer>
      {compared !== undefined && <Lazy><VersionDiff versionArn={compared} now={machine.definition} /></Lazy>}
    </>
  );
}

function Tags({ arn }: { arn: string }) {
  const t = useText();
  const query = useQuery({ queryKey: ['tags', arn], queryFn: ({ signal }) => aws.listTags(arn, signal) });
  return (
    <Answer query={query}>
      {(tags) => tags.length === 0 ? <Text>{t.machines.noTags}</Text> : (
        <Table>
          <Table.Thead><Table.Tr><Table.Th>{t.key}</Table.Th><Table.Th>{t.value}</Table.Th></Table.Tr></Table.Thead>
          <Table.Tbody>
            {tags.map((tag) => <Table.Tr key={tag.key}><Table.Td className="payload-text">{tag.key}</Table.Td><Table.Td className="payload-text">{tag.value}</Table.Td></Table.Tr>)}
          </Table.Tbody>
        </Table>
      )}
    </Answer>
  );
}
