import { Alert, Button, Grid, Group, Select, Tabs, Text, TextInput, Title } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, useEffect, useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import { aws } from '../api/aws';
import { links, qualifier } from '../api/arns';
import type { Machine } from '../api/types';
import { allStates, parse } from '../asl/graph';
import { locate } from '../asl/positions';
import { useText } from '../i18n';
import { Answer, Failed } from '../shared/Answer';
import { pretty } from '../shared/format';
import { Lazy } from '../shared/Lazy';
import { CodeEditor } from './CodeEditor';
import { placed, statesOf, type Problem } from './problems';
import { StateTest } from './StateTest';

const Graph = lazy(() => import('../shared/Graph'));
const Diff = lazy(() => import('./Diff'));

const BEGINNING = `{
  "StartAt": "First",
  "States": {
    "First": {
      "Type": "Pass",
      "End": true
    }
  }
}`;

/** The definition as text, with its graph and its problems beside it while it is written. */
export default function EditorPage({ arn }: { arn?: string }) {
  return arn === undefined ? <Editor machine={undefined} /> : <Existing arn={arn} />;
}

function Existing({ arn }: { arn: string }) {
  // Read once: what others save meanwhile must not overwrite what is being written.
  const query = useQuery({ queryKey: ['edited', arn], queryFn: ({ signal }) => aws.describeMachine(arn, signal), staleTime: Infinity, gcTime: 0 });
  return <Answer query={query}>{(machine) => <Editor machine={machine} />}</Answer>;
}

const CHECK_MILLIS = 400;

function useChecked(text: string, type: string) {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), CHECK_MILLIS);
    return () => clearTimeout(timer);
  }, [text]);
  const query = useQuery({ queryKey: ['validate', type, settled], queryFn: ({ signal }) => aws.validate(settled, type, signal), staleTime: Infinity, gcTime: 60_000, enabled: settled.trim() !== '' });
  return { query, isCurrent: settled === text };
}

function Editor({ machine }: { machine: Machine | undefined }) {
  const t = useText();
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const original = useMemo(() => (machine === undefined ? '' : pretty(machine.definition)), [machine]);
  const [saved, setSaved] = useState(original);
  const [text, setText] = useState(machine === undefined ? BEGINNING : original);
  const [name, setName] = useState('');
  const [role, setRole] = useState('arn:aws:iam::000000000000:role/any');
  const [type, setType] = useState('STANDARD');
  const [failure, setFailure] = useState<unknown>();
  const [said, setSaid] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [place, setPlace] = useState<number>();
  const [tested, setTested] = useState<string>();
  const { query, isCurrent } = useChecked(text, machine?.type ?? type);
  const diagnostics = useMemo(() => (isCurrent ? query.data?.diagnostics ?? [] : []), [isCurrent, query.data]);
  const problems = useMemo(() => placed(text, diagnostics), [text, diagnostics]);
  const withProblems = useMemo(() => statesOf(diagnostics), [diagnostics]);

  // While a comma is missing the graph stays as it last was.
  const [region, setRegion] = useState(() => parse(text));
  useEffect(() => {
    const drawn = parse(text);
    if (drawn.states.length > 0) {
      setRegion(drawn);
    }
  }, [text]);

  const go = (state: string) => {
    setTested(state);
    const where = pointerTo(text, state);
    setPlace(where === undefined ? undefined : locate(text, where)?.from);
  };

  const store = async (publish: boolean) => {
    setBusy(true);
    setFailure(undefined);
    setSaid(undefined);
    try {
      if (machine === undefined) {
        const created = await aws.createMachine({ name: name.trim(), definition: text, roleArn: role, type });
        await client.invalidateQueries({ queryKey: ['machines'] });
        navigate(links.machine(created.stateMachineArn));
        return;
      }
      const answer = await aws.updateMachine({ stateMachineArn: machine.stateMachineArn, definition: text, ...(publish ? { publish } : {}) });
      setSaved(text);
      setSaid(answer.stateMachineVersionArn === undefined ? t.editor.saved : t.editor.published(qualifier(answer.stateMachineVersionArn) ?? ''));
      await client.invalidateQueries({ queryKey: ['machine'] });
      await client.invalidateQueries({ queryKey: ['versions'] });
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  const hasErrors = problems.some((problem) => problem.severity === 'error');

  return (
    <>
      <Group justify="space-between" mb="md">
        <Title order={1} size="h2" className="payload-text">{machine === undefined ? t.editor.create : t.editor.title(machine.name)}</Title>
        <Group gap="xs">
          {machine !== undefined && saved !== text && <Text size="sm">{t.editor.unsaved}</Text>}
          <Button loading={busy} disabled={hasErrors || (machine === undefined && name.trim() === '')} onClick={() => void store(false)}>{t.save}</Button>
          {machine !== undefined && <Button variant="default" loading={busy} disabled={hasErrors} onClick={() => void store(true)}>{t.editor.publish}</Button>}
        </Group>
      </Group>
      {machine === undefined && (
        <Group align="end" mb="md">
          <TextInput label={t.name} value={name} onChange={(event) => setName(event.currentTarget.value)} required />
          <TextInput label={t.editor.role} value={role} onChange={(event) => setRole(event.currentTarget.value)} w={340} />
          <Select label={t.type} data={['STANDARD', 'EXPRESS']} value={type} allowDeselect={false} onChange={(value) => setType(value ?? 'STANDARD')} />
        </Group>
      )}
      {failure !== undefined && <Failed error={failure} />}
      {said !== undefined && <Alert color="green" role="status" mb="sm">{said}</Alert>}
      <Grid>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <CodeEditor label={t.editor.text} text={text} onChange={setText} problems={problems} place={place} />
          <Problems problems={problems} checking={!isCurrent || query.isFetching} failure={query.isError ? query.error : undefined} onSelect={setPlace} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Tabs defaultValue="graph" keepMounted={false}>
            <Tabs.List mb="sm">
              <Tabs.Tab value="graph">{t.graph.title}</Tabs.Tab>
              <Tabs.Tab value="test">{t.editor.test}</Tabs.Tab>
              {machine !== undefined && <Tabs.Tab value="changes">{t.editor.changes}</Tabs.Tab>}
            </Tabs.List>
            <Tabs.Panel value="graph">
              <div className="graph-frame"><Lazy><Graph region={region} problems={withProblems} selected={tested} onSelect={go} /></Lazy></div>
            </Tabs.Panel>
            <Tabs.Panel value="test"><StateTest text={text} states={allStates(region)} chosen={tested} onChoose={setTested} /></Tabs.Panel>
            <Tabs.Panel value="changes"><Lazy><Diff before={saved} after={text} label={t.editor.changes} /></Lazy></Tabs.Panel>
          </Tabs>
        </Grid.Col>
      </Grid>
    </>
  );
}

/** The pointer to a state, wherever it is nested. */
export function pointerTo(text: string, state: string): string | undefined {
  let definition: unknown;
  try {
    definition = JSON.parse(text);
  } catch {
    return undefined;
  }
  const search = (value: unknown, pointer: string): string | undefined => {
    if (typeof value !== 'object' || value === null) {
      return undefined;
    }
    for (const [key, inner] of Object.entries(value)) {
      const here = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      if (key === 'States' && typeof inner === 'object' && inner !== null && Object.hasOwn(inner, state)) {
        return `${here}/${state.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      }
      const found = search(inner, here);
      if (found !== undefined) {
        return found;
      }
    }
    return undefined;
  };
  return search(definition, '');
}

function Problems({ problems, checking, failure, onSelect }: { problems: readonly Problem[]; checking: boolean; failure: unknown; onSelect: (at: number) => void }) {
  const t = useText();
  return (
    <section aria-label={t.editor.problems} aria-live="polite">
      {failure !== undefined && <Failed error={failure} />}
      {checking ? <Text size="sm">{t.editor.checking}</Text> : failure === undefined && problems.length === 0 ? <Text size="sm">{t.editor.noProblems}</Text> : (
        <ul className="problems">
          {problems.map((problem, index) => (
            <li key={index}>
              <button type="button" className="link-button" onClick={() => onSelect(problem.from)}>{problem.line}</button>{' '}
              <span className="payload-text">{problem.code}: {problem.message}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
