import { Alert, Button, Group, Text, TextInput, Title } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { aws } from '../api/aws';
import { links, machineName, unqualified } from '../api/arns';
import { useLocale, useText } from '../i18n';
import { millis } from '../run/view';
import { Confirm, StartDialog } from '../shared/Actions';
import { Answer } from '../shared/Answer';
import { dateTime, duration } from '../shared/format';
import { save } from '../shared/save';
import { StatusBadge } from '../shared/StatusBadge';
import { RunPanels } from './RunPanels';
import { useHistory } from './useRun';

type Dialog = 'start' | 'stop' | 'redrive' | 'compare' | undefined;

export function ExecutionPage({ arn }: { arn: string }) {
  const t = useText();
  const locale = useLocale();
  const client = useQueryClient();
  const [dialog, setDialog] = useState<Dialog>();
  const query = useQuery({
    queryKey: ['execution', arn],
    queryFn: ({ signal }) => aws.describeExecution(arn, signal),
    // The stream tells of the end; this tells when the stream can't.
    refetchInterval: ({ state }) => (state.data?.status === 'RUNNING' ? 5000 : false),
  });
  const machine = useQuery({
    queryKey: ['definition', arn],
    queryFn: ({ signal }) => aws.describeMachineForExecution(arn, signal),
    staleTime: Infinity,
  });
  const { view, live, again } = useHistory(arn, query.data !== undefined || !query.isError);
  const refresh = () => client.invalidateQueries({ queryKey: ['execution', arn] });

  return (
    <Answer query={query}>
      {(execution) => {
        // What the events tell is newer than what was asked for.
        const status = view.status !== 'RUNNING' && execution.status === 'RUNNING' && view.events.length > 0 ? view.status : execution.status;
        const isChild = execution.mapRunArn !== undefined;
        // Of what has ended all is there when its end is: a part of a history isn't told from a whole one in a file.
        const isHistoryHere = view.events.length > 0 && (execution.status === 'RUNNING' || view.status !== 'RUNNING');
        return (
          <>
            <Group justify="space-between" align="start" mb="md">
              <div>
                <Group gap="sm">
                  <Title order={1} size="h2" className="payload-text">{execution.name}</Title>
                  <StatusBadge status={status} />
                  <LiveMark live={live} />
                </Group>
                <Text size="sm" className="payload-text">
                  <Link href={links.machine(unqualified(execution.stateMachineArn))}>{machineName(unqualified(execution.stateMachineArn))}</Link>
                  {' · '}{dateTime(execution.startDate, locale)}
                  {execution.stopDate === undefined ? '' : ` · ${duration(millis(execution.stopDate) - millis(execution.startDate))}`}
                  {execution.redriveCount ? ` · ${t.execution.redrives(execution.redriveCount)}` : ''}
                  {execution.mapRunArn !== undefined && <>{' · '}<Link href={links.mapRun(execution.mapRunArn)}>{t.mapRun.open}</Link></>}
                </Text>
              </div>
              <Group gap="xs">
                {!isChild && <Button variant="default" onClick={() => setDialog('start')}>{t.start.againAction}</Button>}
                {status === 'RUNNING'
                  ? <Button color="red" variant="outline" onClick={() => setDialog('stop')}>{t.execution.stop}</Button>
                  : execution.redriveStatus === 'REDRIVABLE' && <Button onClick={() => setDialog('redrive')}>{t.execution.redrive}</Button>}
                <Button variant="default" onClick={() => setDialog('compare')}>{t.compare.action}</Button>
                <Button variant="default" disabled={!isHistoryHere} onClick={() => save(`${execution.name}-history.json`, JSON.stringify({ execution, definition: machine.data?.definition, events: view.events }, null, 2))}>
                  {t.execution.export}
                </Button>
              </Group>
            </Group>
            {live === 'lost' && <Alert color="yellow" role="status" mb="sm" title={t.stale.title}>{t.stale.polling}</Alert>}
            <RunPanels view={view} definition={machine.data?.definition} execution={{ ...execution, status }} isLive />
            {dialog === 'start' && <StartDialog machineArn={unqualified(execution.stateMachineArn)} input={execution.input ?? '{}'} close={() => setDialog(undefined)} />}
            {dialog === 'stop' && <Stop arn={arn} close={() => setDialog(undefined)} done={refresh} />}
            {dialog === 'redrive' && (
              <Confirm
                title={t.execution.redrive}
                close={() => setDialog(undefined)}
                action={async () => {
                  await aws.redrive(arn);
                  again();
                  await refresh();
                }}
              >
                <Text size="sm">{t.execution.redriveHint}</Text>
              </Confirm>
            )}
            {dialog === 'compare' && <CompareWith arn={arn} close={() => setDialog(undefined)} />}
          </>
        );
      }}
    </Answer>
  );
}

function LiveMark({ live }: { live: string }) {
  const t = useText();
  const words: Record<string, string> = t.live.states;
  return live === 'over' ? null : <Text size="xs" c="var(--muted)" role="status" data-live={live}>{words[live]}</Text>;
}

function Stop({ arn, close, done }: { arn: string; close: () => void; done: () => Promise<unknown> }) {
  const t = useText();
  const [cause, setCause] = useState('');
  return (
    <Confirm
      title={t.execution.stop}
      color="red"
      close={close}
      action={async () => {
        await aws.stop(arn, undefined, cause || undefined);
        await done();
      }}
    >
      <Text size="sm">{t.execution.stopHint}</Text>
      <TextInput label={t.execution.cause} value={cause} onChange={(event) => setCause(event.currentTarget.value)} />
    </Confirm>
  );
}

function CompareWith({ arn, close }: { arn: string; close: () => void }) {
  const t = useText();
  const [, navigate] = useLocation();
  const [other, setOther] = useState('');
  return (
    <Confirm
      title={t.compare.action}
      close={close}
      action={async () => {
        await aws.describeExecution(other.trim());
        navigate(links.compare(arn, other.trim()));
      }}
    >
      <TextInput label={t.compare.other} value={other} onChange={(event) => setOther(event.currentTarget.value)} />
    </Confirm>
  );
}
