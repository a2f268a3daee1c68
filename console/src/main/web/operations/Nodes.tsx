import { Alert, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { rest } from '../api/rest';
import type { Cluster } from '../api/types';
import { useLocale, useText } from '../i18n';
import { Answer } from '../shared/Answer';
import { dateTime } from '../shared/format';
import { SortedTable, type Column } from '../shared/SortedTable';
import { percent, rowsOf, type PartitionRow } from './partitions';

/** Which node does what, how far behind it is, and what is being restored. */
export function Nodes() {
  const query = useQuery({ queryKey: ['cluster'], queryFn: ({ signal }) => rest.cluster(signal), refetchInterval: 3000 });
  return <Answer query={query}>{(cluster) => <Shown cluster={cluster} />}</Answer>;
}

function Shown({ cluster }: { cluster: Cluster }) {
  const t = useText();
  const locale = useLocale();
  const rows = useMemo(() => rowsOf(cluster), [cluster]);
  const columns = useMemo(
    (): Column<PartitionRow>[] => [
      { id: 'lane', header: t.cluster.lane, value: (row) => row.lane },
      { id: 'partition', header: t.cluster.partition, value: (row) => row.partition, cell: (row) => <span title={row.inputs.join('\n')}>{row.task ?? row.inputs.join(', ')}</span> },
      { id: 'lag', header: t.cluster.lag, value: (row) => row.lag, cell: (row) => row.lag ?? t.operations.unknown },
      { id: 'active', header: t.cluster.active, value: (row) => row.active, cell: (row) => row.active ?? t.cluster.nobody },
      {
        id: 'standby', header: t.cluster.standby, value: (row) => row.standbys.reduce((sum, one) => sum + (one.storeLag ?? 0), 0),
        cell: (row) => row.standbys.map((one) => <div key={one.node}>{one.node}{one.storeLag === undefined ? '' : `: ${t.cluster.behind(one.storeLag)}`}</div>),
      },
      {
        id: 'restore', header: t.cluster.restore, value: (row) => (row.restore === undefined ? undefined : percent(row.restore)),
        cell: (row) => (row.restore === undefined ? '' : `${t.cluster.restored(percent(row.restore), row.restore.restored, row.restore.total)}, ${t.cluster.since(dateTime(row.restore.since, locale))}`),
      },
    ],
    [t, locale]);
  return (
    <Stack gap="lg">
      <section aria-label={t.cluster.nodes}>
        <Title order={2} size="h4" mb="xs">{t.cluster.nodes}</Title>
        {cluster.unreachable.map((one) => (
          <Alert key={one.address} color="yellow" mb="sm" role="status" title={`${t.cluster.unreachable}: ${one.address}`}>
            <Text size="sm" className="payload-text">{one.reason}</Text>
          </Alert>
        ))}
        <Table.ScrollContainer minWidth={700}>
          <Table>
            <Table.Thead>
              <Table.Tr><Table.Th>{t.cluster.node}</Table.Th><Table.Th>{t.cluster.address}</Table.Th><Table.Th>{t.cluster.version}</Table.Th><Table.Th>{t.started}</Table.Th><Table.Th>{t.cluster.lanes}</Table.Th></Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {cluster.nodes.map((node) => (
                <Table.Tr key={node.id} data-node={node.id}>
                  <Table.Td className="payload-text">{node.id}</Table.Td>
                  <Table.Td>{node.address ?? ''}</Table.Td>
                  <Table.Td>{node.version}</Table.Td>
                  <Table.Td>{dateTime(node.startDate, locale)}</Table.Td>
                  <Table.Td>{node.lanes.map((lane) => <div key={lane.lane}>{lane.lane}: {lane.state}, {t.cluster.since(dateTime(lane.since, locale))}</div>)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      </section>
      <section aria-label={t.cluster.partitions}>
        <Title order={2} size="h4" mb="xs">{t.cluster.partitions}</Title>
        {cluster.lagsUnknown !== undefined && <Alert color="yellow" role="status" mb="sm" title={t.cluster.lagsUnknown}>{cluster.lagsUnknown}</Alert>}
        <SortedTable rows={rows} columns={columns} rowId={(row) => row.key} label={t.cluster.partitions} />
      </section>
    </Stack>
  );
}
