import { Alert, Button, Group, Select, Table, Text, TextInput, Title } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import { links, machineName } from '../api/arns';
import { follow, type LiveState } from '../api/live';
import { STATUSES, type Change } from '../api/types';
import { useLocale, useText } from '../i18n';
import { dateTime } from '../shared/format';
import { changed } from '../shared/parameters';
import { StatusBadge } from '../shared/StatusBadge';

/** More would only be scrolled past. */
const KEPT = 200;

export function newest(before: readonly Change[], more: readonly Change[]): Change[] {
  return [...[...more].reverse(), ...before].slice(0, KEPT);
}

/** All executions as they begin and end, the newest on top. */
export default function LivePage() {
  const t = useText();
  const locale = useLocale();
  const [parameters, setParameters] = useSearchParams();
  const [changes, setChanges] = useState<readonly Change[]>([]);
  const [held, setHeld] = useState(0);
  const [isPaused, setPaused] = useState(false);
  const [hasGap, setGap] = useState(false);
  const [live, setLive] = useState<LiveState>('connecting');
  const waiting = useRef<Change[]>([]);
  const machine = parameters.get('machine') ?? '';
  const status = STATUSES.find((one) => one === parameters.get('status'));

  useEffect(() => {
    setChanges([]);
    waiting.current = [];
    const stream = follow(
      (after) => {
        const asked = new URLSearchParams();
        if (machine !== '') {
          asked.set('machine', machine);
        }
        if (status !== undefined) {
          asked.set('status', status);
        }
        if (after !== undefined) {
          asked.set('lastEventId', after);
        }
        return `/api/events?${asked}`;
      },
      ['open', 'status', 'gap'],
      (name, data) => {
        if (name === 'status') {
          waiting.current.push(data as Change);
          if (waiting.current.length > KEPT) {
            waiting.current.shift();
          }
        } else if (name === 'gap') {
          setGap(true);
        }
      },
      setLive);
    return () => stream.close();
  }, [machine, status]);

  useEffect(() => {
    const timer = setInterval(() => {
      if (isPaused) {
        setHeld(waiting.current.length);
      } else if (waiting.current.length > 0) {
        const more = waiting.current;
        waiting.current = [];
        setChanges((before) => newest(before, more));
      }
    }, 250);
    return () => clearInterval(timer);
  }, [isPaused]);

  return (
    <>
      <Title order={1} size="h2" mb="xs">{t.live.title}</Title>
      <Text size="sm" mb="sm">{t.live.hint}</Text>
      <Group align="end" mb="sm">
        <TextInput label={t.search.machine} value={machine} onChange={(event) => setParameters(changed(parameters, { machine: event.currentTarget.value || undefined }), { replace: true })} />
        <Select
          label={t.statusLabel}
          data={[{ value: '', label: t.all }, ...STATUSES.map((value) => ({ value, label: t.status[value] }))]}
          value={status ?? ''}
          allowDeselect={false}
          onChange={(value) => setParameters(changed(parameters, { status: value || undefined }), { replace: true })}
        />
        <Button variant="default" onClick={() => setPaused(!isPaused)}>{isPaused ? t.live.goOn : t.live.pause}</Button>
        <Text size="sm" role="status" data-live={live}>{t.live.states[live]}{isPaused ? ` · ${t.live.held(held)}` : ''}</Text>
      </Group>
      {live === 'lost' && <Alert color="yellow" title={t.stale.title} role="status" mb="sm">{t.stale.node}</Alert>}
      {hasGap && <Alert color="yellow" mb="sm">{t.live.gap}</Alert>}
      {/* What happens while the stream is interrupted isn't known yet. */}
      {changes.length === 0 ? live === 'live' && <Text>{t.live.none}</Text> : (
        <Table.ScrollContainer minWidth={700}>
          <Table>
            <Table.Thead>
              <Table.Tr><Table.Th>{t.started}</Table.Th><Table.Th>{t.name}</Table.Th><Table.Th>{t.search.machine}</Table.Th><Table.Th>{t.statusLabel}</Table.Th><Table.Th>{t.detail.error}</Table.Th></Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {changes.map((change) => (
                <Table.Tr key={`${change.executionArn} ${change.status} ${change.date}`}>
                  <Table.Td>{dateTime(change.date, locale)}</Table.Td>
                  <Table.Td className="payload-text"><Link href={links.execution(change.executionArn)}>{change.name}</Link></Table.Td>
                  <Table.Td className="payload-text">{machineName(change.stateMachineArn)}</Table.Td>
                  <Table.Td><StatusBadge status={change.status} /></Table.Td>
                  <Table.Td className="payload-text">{change.error ?? ''}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </>
  );
}
