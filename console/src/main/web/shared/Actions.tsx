import { Alert, Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useLocation } from 'wouter';
import { aws } from '../api/aws';
import { links, machineName } from '../api/arns';
import { useText } from '../i18n';
import { Failed } from './Answer';
import { pretty } from './format';
import { JsonInput, jsonProblem } from './JsonInput';

/** A question before something is done, and what went wrong when it was. */
export function Confirm({ title, children, action, close, color }: {
  title: string; children: ReactNode; action: () => Promise<unknown>; close: () => void; color?: string;
}) {
  const t = useText();
  const [failure, setFailure] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const go = async () => {
    setBusy(true);
    setFailure(undefined);
    try {
      await action();
      close();
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={close} title={title} closeButtonProps={{ 'aria-label': t.cancel }} transitionProps={{ duration: 0 }}>
      <Stack gap="sm">
        {children}
        {failure !== undefined && <Failed error={failure} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>{t.cancel}</Button>
          <Button {...(color ? { color } : {})} loading={busy} onClick={() => void go()}>{title}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** Starts an execution; with the input of another one, to be edited first, it starts that one again. */
export function StartDialog({ machineArn, input, close }: { machineArn: string; input?: string; close: () => void }) {
  const t = useText();
  const [, navigate] = useLocation();
  const [name, setName] = useState('');
  const [text, setText] = useState(input === undefined ? '{}' : pretty(input));
  const [failure, setFailure] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const last = useQuery({
    queryKey: ['lastInput', machineArn],
    queryFn: async ({ signal }) => {
      const [latest] = (await aws.listExecutions({ stateMachineArn: machineArn }, undefined, signal)).executions;
      return latest === undefined ? null : ((await aws.describeExecution(latest.executionArn, signal)).input ?? null);
    },
    enabled: input === undefined,
  });
  const start = async () => {
    setBusy(true);
    setFailure(undefined);
    try {
      const { executionArn } = await aws.start(machineArn, text, name.trim() || undefined);
      close();
      navigate(links.execution(executionArn));
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={close} size="lg" title={t.start.title(machineName(machineArn))} closeButtonProps={{ 'aria-label': t.cancel }} transitionProps={{ duration: 0 }}>
      <Stack gap="sm">
        {input !== undefined && <Alert color="blue"><Text size="sm">{t.start.again}</Text></Alert>}
        <TextInput label={t.start.name} description={t.start.nameHint} value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <JsonInput label={t.input} value={text} onChange={setText} />
        {/* There from the beginning: what comes later would move the button below it away from the pointer. */}
        {input === undefined && (
          <Group><Button size="compact-sm" variant="default" disabled={typeof last.data !== 'string'} onClick={() => setText(pretty(last.data!))}>{t.start.lastInput}</Button></Group>
        )}
        {failure !== undefined && <Failed error={failure} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>{t.cancel}</Button>
          <Button loading={busy} disabled={jsonProblem(text) !== undefined} onClick={() => void start()}>{t.start.action}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
