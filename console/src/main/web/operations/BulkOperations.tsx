import { Button, Group, Modal, Stack, Table, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { executionName, links } from '../api/arns';
import { rest } from '../api/rest';
import type { BulkOperation } from '../api/types';
import { useLocale, useText } from '../i18n';
import { Confirm } from '../shared/Actions';
import { Answer } from '../shared/Answer';
import { dateTime } from '../shared/format';

/** The conditions of a filter in a line. */
export function conditions(filter: BulkOperation['filter']): string {
  return Object.entries(filter ?? {}).map(([name, value]) => `${name}: ${Array.isArray(value) ? value.join(', ') : value}`).join('; ');
}

/** Stops and redrives of many executions: they go on without this page. */
export function BulkOperations() {
  const t = useText();
  const locale = useLocale();
  const client = useQueryClient();
  const [opened, setOpened] = useState<string>();
  const [cancelled, setCancelled] = useState<string>();
  const query = useQuery({
    queryKey: ['bulk'],
    queryFn: ({ signal }) => rest.bulkOperations(signal),
    refetchInterval: ({ state }) => (state.data?.some((one) => one.state === 'running') ? 1000 : 5000),
  });
  return (
    <Stack gap="sm">
      <Text size="sm">{t.bulk.hint}</Text>
      <Answer query={query}>
        {(operations) => operations.length === 0 ? <Text>{t.bulk.none}</Text> : (
          <Table.ScrollContainer minWidth={800}>
            <Table>
              <Table.Thead>
                <Table.Tr><Table.Th>{t.created}</Table.Th><Table.Th>{t.bulk.kind}</Table.Th><Table.Th>{t.bulk.what}</Table.Th><Table.Th>{t.statusLabel}</Table.Th><Table.Th>{t.bulk.counts}</Table.Th><Table.Th>{t.operations.change}</Table.Th></Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {operations.map((one) => (
                  <Table.Tr key={one.id} data-operation={one.id} data-state={one.state}>
                    <Table.Td><button type="button" className="link-button" title={t.bulk.show(one.id)} onClick={() => setOpened(one.id)}>{dateTime(one.creationDate, locale)}</button></Table.Td>
                    <Table.Td>{t.bulk.kinds[one.kind]}</Table.Td>
                    <Table.Td className="payload-text">{one.named === undefined ? conditions(one.filter) : t.bulk.named(one.named)}</Table.Td>
                    <Table.Td>{t.bulk.states[one.state]}</Table.Td>
                    <Table.Td>{one.changed} / {one.unchanged} / {one.failed}</Table.Td>
                    <Table.Td>
                      {one.state === 'running' && (
                        <Button size="compact-sm" variant="default" disabled={one.cancelled} onClick={() => setCancelled(one.id)}>{t.bulk.cancel}</Button>
                      )}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
      </Answer>
      {opened !== undefined && <Operation id={opened} close={() => setOpened(undefined)} />}
      {cancelled !== undefined && (
        <Confirm
          title={t.bulk.cancel}
          close={() => setCancelled(undefined)}
          action={async () => {
            await rest.cancelBulk(cancelled);
            await client.invalidateQueries({ queryKey: ['bulk'] });
          }}
        >
          <Text size="sm">{t.bulk.cancelHint}</Text>
        </Confirm>
      )}
    </Stack>
  );
}

function Operation({ id, close }: { id: string; close: () => void }) {
  const t = useText();
  const query = useQuery({ queryKey: ['bulk', id], queryFn: ({ signal }) => rest.bulkOperation(id, signal), refetchInterval: 2000 });
  return (
    <Modal opened onClose={close} size="lg" title={t.bulk.show(id)} closeButtonProps={{ 'aria-label': t.cancel }} transitionProps={{ duration: 0 }}>
      <Answer query={query}>
        {(one) => (
          <Stack gap="xs">
            <Group gap="xs"><Text size="sm">{t.bulk.kinds[one.kind]}: {t.bulk.states[one.state]}</Text><Text size="sm">{t.bulk.counts}: {one.changed} / {one.unchanged} / {one.failed}</Text></Group>
            {one.reason !== undefined && <Text size="sm" className="payload-text">{one.reason}</Text>}
            {(one.failures?.length ?? 0) === 0 ? <Text size="sm">{t.bulk.noFailures}</Text> : (
              <Table>
                <Table.Thead><Table.Tr><Table.Th>{t.name}</Table.Th><Table.Th>{t.letters.reason}</Table.Th></Table.Tr></Table.Thead>
                <Table.Tbody>
                  {one.failures!.map((failure) => (
                    <Table.Tr key={failure.executionArn}>
                      <Table.Td className="payload-text"><Link href={links.execution(failure.executionArn)}>{executionName(failure.executionArn)}</Link></Table.Td>
                      <Table.Td className="payload-text">{failure.reason}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            )}
            {one.failed > (one.failures?.length ?? 0) && <Text size="sm">{t.bulk.moreFailures(one.failed - (one.failures?.length ?? 0))}</Text>}
          </Stack>
        )}
      </Answer>
    </Modal>
  );
}
