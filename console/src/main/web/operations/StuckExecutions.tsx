import { NumberInput, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { Link, useSearchParams } from 'wouter';
import { aws } from '../api/aws';
import { links, machineName, unqualified } from '../api/arns';
import { rest } from '../api/rest';
import { useText } from '../i18n';
import { Answer } from '../shared/Answer';
import { duration } from '../shared/format';
import { changed } from '../shared/parameters';
import { SortedTable, type Column } from '../shared/SortedTable';
import { LOOKED_AT, stuck, usualOf, type Candidate, type Stuck, type Usual } from './stuck';

const LONGEST = new URLSearchParams({ status: 'RUNNING', order: 'oldest', limit: String(LOOKED_AT) });
const LATELY_MILLIS = 7 * 86_400_000;

async function candidates(signal: AbortSignal): Promise<{ at: number; found: Candidate[] }> {
  const { executions } = await rest.search(LONGEST, signal);
  const now = Date.now();
  const usual = new Map<string, Usual | undefined>();
  for (const machine of new Set(executions.map((one) => one.stateMachineArn))) {
    const lately = { machine, from: new Date(now - LATELY_MILLIS).toISOString(), to: new Date(now).toISOString(), buckets: '1' };
    usual.set(machine, usualOf(await rest.metrics(new URLSearchParams(lately), signal)));
  }
  const found: Candidate[] = [];
  for (const execution of executions) {
    // One that has ended meanwhile, or whose history is elsewhere just now, doesn't take the others with it.
    const last = await aws.lastEvent(execution.executionArn, signal).catch(() => undefined);
    found.push({ execution, usual: usual.get(execution.stateMachineArn), last });
  }
  return { at: now, found };
}

/** Executions that run for much longer than others did, or in which nothing happens. */
export function StuckExecutions() {
  const t = useText();
  const [parameters, setParameters] = useSearchParams();
  const given = Number(parameters.get('quiet') ?? 30);
  const minutes = Number.isInteger(given) && given > 0 ? given : 30;
  const query = useQuery({ queryKey: ['stuck'], queryFn: ({ signal }) => candidates(signal), refetchInterval: 15_000 });
  const columns = useMemo(
    (): Column<Stuck>[] => [
      { id: 'name', header: t.name, value: (row) => row.execution.name, cell: (row) => <Link href={links.execution(row.execution.executionArn)}>{row.execution.name}</Link> },
      {
        id: 'machine', header: t.search.machine, value: (row) => machineName(row.execution.stateMachineArn),
        cell: (row) => <Link href={links.machine(unqualified(row.execution.stateMachineArn))}>{machineName(row.execution.stateMachineArn)}</Link>,
      },
      { id: 'running', header: t.stuck.running, value: (row) => row.running, cell: (row) => duration(row.running) },
      {
        id: 'usual', header: t.stuck.usual, value: (row) => row.usual?.slowest,
        cell: (row) => (row.usual === undefined ? t.stuck.unknown : `${duration(row.usual.median)} / ${duration(row.usual.slowest)}`),
      },
      { id: 'last', header: t.stuck.last, value: (row) => row.quietFor, cell: (row) => (row.last === undefined || row.quietFor === undefined ? t.stuck.unknown : `${row.last.type}, ${duration(row.quietFor)}`) },
      { id: 'why', header: t.stuck.why, value: (row) => Number(row.longer) + Number(row.quiet), cell: (row) => [row.longer ? t.stuck.longer : '', row.quiet ? t.stuck.quiet : ''].filter(Boolean).join(', ') },
    ],
    [t]);
  return (
    <Stack gap="sm">
      <Text size="sm">{t.stuck.hint}</Text>
      <NumberInput
        label={t.stuck.minutes}
        min={1}
        allowDecimal={false}
        maw={180}
        value={minutes}
        onChange={(value) => setParameters((before) => changed(before, { quiet: Number(value) > 0 ? String(value) : undefined }), { replace: true })}
      />
      <Answer query={query}>
        {({ at, found }) => {
          const shown = stuck(found, minutes, at);
          return shown.length === 0
            ? <Text>{t.stuck.none(found.length)}</Text>
            : <SortedTable rows={shown} columns={columns} rowId={(row) => row.execution.executionArn} label={t.stuck.title} />;
        }}
      </Answer>
    </Stack>
  );
}
