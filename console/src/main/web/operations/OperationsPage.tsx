import { Button, Checkbox, Group, NumberInput, Stack, Table, Tabs, Text, Title } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import { links, machineName, qualifier } from '../api/arns';
import { rest } from '../api/rest';
import type { Queue, Trigger } from '../api/types';
import { useLocale, useText } from '../i18n';
import { Confirm } from '../shared/Actions';
import { Answer, Failed } from '../shared/Answer';
import { dateTime, duration } from '../shared/format';
import { StatusBadge } from '../shared/StatusBadge';
import { BulkOperations } from './BulkOperations';
import { DeadLetters } from './DeadLetters';
import { Nodes } from './Nodes';
import { StuckExecutions } from './StuckExecutions';

const LONGEST = new URLSearchParams({ status: 'RUNNING', order: 'oldest', limit: '10' });

export default function OperationsPage() {
  const t = useText();
  const [parameters, setParameters] = useSearchParams();
  return (
    <>
      <Title order={1} size="h2" mb="md">{t.operations.title}</Title>
      <Tabs value={parameters.get('tab') ?? 'queues'} onChange={(tab) => setParameters(tab === null || tab === 'queues' ? {} : { tab })} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="queues">{t.operations.queues}</Tabs.Tab>
          <Tabs.Tab value="nodes">{t.cluster.nodes}</Tabs.Tab>
          <Tabs.Tab value="letters">{t.letters.title}</Tabs.Tab>
          <Tabs.Tab value="bulk">{t.bulk.title}</Tabs.Tab>
          <Tabs.Tab value="stuck">{t.stuck.title}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="queues"><Work /></Tabs.Panel>
        <Tabs.Panel value="nodes"><Nodes /></Tabs.Panel>
        <Tabs.Panel value="letters"><DeadLetters /></Tabs.Panel>
        <Tabs.Panel value="bulk"><BulkOperations /></Tabs.Panel>
        <Tabs.Panel value="stuck"><StuckExecutions /></Tabs.Panel>
      </Tabs>
    </>
  );
}

function Work() {
  const t = useText();
  const queues = useQuery({ queryKey: ['queues'], queryFn: ({ signal }) => rest.queues(signal), refetchInterval: 3000 });
  const triggers = useQuery({ queryKey: ['triggers'], queryFn: ({ signal }) => rest.triggers(signal), refetchInterval: 3000 });
  const info = useQuery({ queryKey: ['info'], queryFn: ({ signal }) => rest.info(signal), refetchInterval: 15_000 });
  return (
    <Stack gap="lg">
      <section aria-label={t.operations.queues}>
        <Title order={2} size="h4" mb="xs">{t.operations.queues}</Title>
        <Answer query={queues}>{(found) => found.length === 0 ? <Text>{t.operations.noQueues}</Text> : <Queues queues={found} />}</Answer>
      </section>
      <section aria-label={t.operations.triggers}>
        <Title order={2} size="h4" mb="xs">{t.operations.triggers}</Title>
        <Answer query={triggers}>{(found) => found.length === 0 ? <Text>{t.operations.noTriggers}</Text> : <Triggers triggers={found} />}</Answer>
      </section>
      <section aria-label={t.operations.running}>
        <Title order={2} size="h4" mb="xs">{t.operations.running}</Title>
        <Longest />
      </section>
      <section aria-label={t.operations.node}>
        <Title order={2} size="h4" mb="xs">{t.operations.node}</Title>
        <Answer query={info}>{(node) => <Text size="sm">{node.name} {node.version} · Java {node.java}</Text>}</Answer>
      </section>
    </Stack>
  );
}

function Queues({ queues }: { queues: readonly Queue[] }) {
  const t = useText();
  const locale = useLocale();
  const [limited, setLimited] = useState<Queue>();
  return (
    <>
      <Table.ScrollContainer minWidth={800}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t.name}</Table.Th><Table.Th>{t.operations.backlog}</Table.Th><Table.Th>{t.operations.workers}</Table.Th><Table.Th>{t.operations.limits}</Table.Th>
              <Table.Th>{t.operations.handlers}</Table.Th><Table.Th>{t.operations.lastSeen}</Table.Th><Table.Th>{t.operations.change}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {queues.map((queue) => (
              <Table.Tr key={queue.queue}>
                <Table.Td>{queue.queue}</Table.Td>
                <Table.Td>{queue.backlog ?? t.operations.unknown}</Table.Td>
                <Table.Td>{queue.workers === undefined ? t.operations.unknown : <span title={queue.workers.join('\n')}>{queue.workers.length}</span>}</Table.Td>
                <Table.Td>
                  {queue.limits.paused && <StatusBadge status="PAUSED" />}{' '}
                  {t.operations.concurrency}: {queue.limits.maxConcurrency ?? t.operations.noLimit}; {t.operations.rate}: {queue.limits.ratePerSecond ?? t.operations.noLimit}
                </Table.Td>
                <Table.Td className="payload-text">
                  {queue.pools.map((pool) => (
                    <details key={pool.pool}><summary>{pool.pool}: {pool.handlers.length}</summary>{pool.handlers.join(', ')}</details>
                  ))}
                </Table.Td>
                <Table.Td>{queue.pools.map((pool) => dateTime(pool.lastSeen, locale)).join(', ')}</Table.Td>
                <Table.Td><Button size="compact-sm" variant="default" onClick={() => setLimited(queue)} aria-label={`${t.operations.change}: ${queue.queue}`}>{t.operations.change}</Button></Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {limited && <LimitDialog queue={limited} close={() => setLimited(undefined)} />}
    </>
  );
}

function LimitDialog({ queue, close }: { queue: Queue; close: () => void }) {
  const t = useText();
  const client = useQueryClient();
  const [concurrency, setConcurrency] = useState<number | string>(queue.limits.maxConcurrency ?? '');
  const [rate, setRate] = useState<number | string>(queue.limits.ratePerSecond ?? '');
  const [isPaused, setPaused] = useState(queue.limits.paused);
  return (
    <Confirm
      title={t.save}
      close={close}
      action={async () => {
        await rest.limit(queue.queue, {
          paused: isPaused,
          ...(concurrency === '' ? {} : { maxConcurrency: Number(concurrency) }),
          ...(rate === '' ? {} : { ratePerSecond: Number(rate) }),
        });
        await client.invalidateQueries({ queryKey: ['queues'] });
      }}
    >
      <Text fw={600}>{queue.queue}</Text>
      <NumberInput label={t.operations.concurrency} placeholder={t.operations.noLimit} min={1} allowDecimal={false} value={concurrency} onChange={setConcurrency} />
      <NumberInput label={t.operations.rate} placeholder={t.operations.noLimit} min={0.001} value={rate} onChange={setRate} />
      <Checkbox label={t.operations.paused} checked={isPaused} onChange={(event) => setPaused(event.currentTarget.checked)} />
    </Confirm>
  );
}

function Triggers({ triggers }: { triggers: readonly Trigger[] }) {
  const t = useText();
  const locale = useLocale();
  const client = useQueryClient();
  const [failure, setFailure] = useState<unknown>();
  const toggle = async (trigger: Trigger) => {
    setFailure(undefined);
    try {
      await (trigger.paused ? rest.resumeTrigger(trigger.name) : rest.pauseTrigger(trigger.name));
      await client.invalidateQueries({ queryKey: ['triggers'] });
    } catch (error) {
      setFailure(error);
    }
  };
  return (
    <>
      {failure !== undefined && <Failed error={failure} />}
      <Table.ScrollContainer minWidth={800}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t.name}</Table.Th><Table.Th>{t.operations.topic}</Table.Th><Table.Th>{t.search.machine}</Table.Th><Table.Th>{t.statusLabel}</Table.Th>
              <Table.Th>{t.operations.lag}</Table.Th><Table.Th>{t.operations.counts}</Table.Th><Table.Th>{t.operations.lastError}</Table.Th><Table.Th>{t.operations.change}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {triggers.map((trigger) => (
              <Table.Tr key={trigger.name}>
                <Table.Td>{trigger.name}</Table.Td>
                <Table.Td>{trigger.topic}</Table.Td>
                <Table.Td><Link href={links.machine(trigger.stateMachineArn)}>{machineName(trigger.stateMachineArn)}{qualifier(trigger.stateMachineArn) === undefined ? '' : `:${qualifier(trigger.stateMachineArn)}`}</Link></Table.Td>
                <Table.Td><StatusBadge status={trigger.state} /></Table.Td>
                <Table.Td>{trigger.lag ?? t.operations.unknown}</Table.Td>
                <Table.Td>{trigger.started} / {trigger.filtered} / {trigger.deadLettered}</Table.Td>
                <Table.Td className="payload-text">{trigger.lastError === undefined ? '' : `${dateTime(trigger.lastError.at, locale)}: ${trigger.lastError.detail}`}</Table.Td>
                <Table.Td>
                  <Button size="compact-sm" variant="default" onClick={() => void toggle(trigger)} aria-label={`${trigger.paused ? t.operations.resume : t.operations.pause}: ${trigger.name}`}>
                    {trigger.paused ? t.operations.resume : t.operations.pause}
                  </Button>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </>
  );
}

function Longest() {
  const t = useText();
  const locale = useLocale();
  const query = useQuery({ queryKey: ['longest'], queryFn: ({ signal }) => rest.search(LONGEST, signal), refetchInterval: 5000 });
  return (
    <Answer query={query}>
      {({ executions }) => executions.length === 0 ? <Text>{t.operations.noneRunning}</Text> : (
        <Table>
          <Table.Tbody>
            {executions.map((one) => (
              <Table.Tr key={one.executionArn}>
                <Table.Td className="payload-text"><Link href={links.execution(one.executionArn)}>{one.name}</Link></Table.Td>
                <Table.Td>{machineName(one.stateMachineArn)}</Table.Td>
                <Table.Td>{dateTime(one.startDate, locale)}</Table.Td>
                <Table.Td><Group gap={4}>{duration(Date.now() - Date.parse(one.startDate))}</Group></Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Answer>
  );
}
