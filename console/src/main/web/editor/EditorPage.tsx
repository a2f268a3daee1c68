import { Alert, Button, Grid, Group, NativeSelect, Select, Tabs, Text, TextInput, Title } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, useCallback, useDeferredValue, useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useLocation } from 'wouter';
import { aws } from '../api/aws';
import { links, qualifier } from '../api/arns';
import type { Machine } from '../api/types';
import { spots, type Edited, type Refusal } from '../asl/edit';
import { allStates, graphOf, parse, type Way } from '../asl/graph';
import { changed, converted, read, type Format } from '../asl/source';
import { find } from '../asl/tree';
import { useText } from '../i18n';
import { Answer, Failed } from '../shared/Answer';
import { pretty } from '../shared/format';
import { Lazy } from '../shared/Lazy';
import { CodeEditor } from './CodeEditor';
import { begin, done, redone, typed, undone } from './history';
import { NEW_MOCK } from './mocks';
import { placed, statesOf, type Problem } from './problems';
import { MadeRun, Simulation, type Made, type Plan } from './Simulation';
import { StateTest } from './StateTest';
import { Visual } from './Visual';

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

function useChecked(json: string | undefined, type: string) {
  const [settled, setSettled] = useState(json);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(json), CHECK_MILLIS);
    return () => clearTimeout(timer);
  }, [json]);
  const query = useQuery({
    queryKey: ['validate', type, settled], queryFn: ({ signal }) => aws.validate(settled!, type, signal), staleTime: Infinity, gcTime: 60_000,
    enabled: settled !== undefined && settled.trim() !== '',
  });
  return { query, isCurrent: settled === json };
}

/** What is written, with the one history of typing and drawing. */
function useWriting(first: string) {
  const [history, setHistory] = useState(() => begin({ text: first, format: 'json' }));
  const latest = useRef(history);
  latest.current = history;
  // Reading a large text takes longer than a key press.
  const draft = useDeferredValue(history.now);
  const source = useMemo(() => read(draft.text, draft.format), [draft]);
  const definition = useMemo(() => (source.tree ? JSON.parse(source.json!) as unknown : undefined), [source]);
  // While a comma is missing the graph stays as it last was.
  const [region, setRegion] = useState(() => parse(first));
  useEffect(() => {
    const drawn = graphOf(definition);
    if (drawn.states.length > 0) {
      setRegion(drawn);
    }
  }, [definition]);
  return { history, setHistory, latest, source, definition, region };
}

function Editor({ machine }: { machine: Machine | undefined }) {
  const t = useText();
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const original = useMemo(() => (machine === undefined ? '' : pretty(machine.definition)), [machine]);
  const [saved, setSaved] = useState(original);
  const { history, setHistory, latest, source, definition, region } = useWriting(machine === undefined ? BEGINNING : original);
  const [name, setName] = useState('');
  const [role, setRole] = useState('arn:aws:iam::000000000000:role/any');
  const [type, setType] = useState('STANDARD');
  const [failure, setFailure] = useState<unknown>();
  const [said, setSaid] = useState<string>();
  const [refused, setRefused] = useState<Refusal>();
  const [busy, setBusy] = useState(false);
  const [place, setPlace] = useState<{ at: number; focus: boolean }>();
  const [chosen, setChosen] = useState<string>();
  const [way, setWay] = useState<Way>();
  const [plan, setPlan] = useState<Plan>({ input: '{}', mocks: {} });
  const [made, setMade] = useState<Made>();
  const { query, isCurrent } = useChecked(source.json, machine?.type ?? type);
  const diagnostics = useMemo(() => (isCurrent ? query.data?.diagnostics ?? [] : []), [isCurrent, query.data]);
  const problems = useMemo(() => placed(source, diagnostics), [source, diagnostics]);
  const withProblems = useMemo(() => statesOf(diagnostics), [diagnostics]);

  const choose = useCallback((state: string) => {
    setChosen(state);
    setWay(undefined);
    setRefused(undefined);
  }, []);
  const look = useCallback((state: string) => {
    choose(state);
    const spot = spots(definition).get(state);
    const found = spot && source.tree ? find(source.tree, spot.path) : undefined;
    setPlace(found && { at: found.from, focus: false });
  }, [choose, definition, source]);

  const edit = useCallback((make: (now: unknown) => Edited) => {
    const { now } = latest.current;
    const current = read(now.text, now.format);
    if (!current.tree) {
      return;
    }
    const edited = make(JSON.parse(current.json!));
    if ('refused' in edited) {
      setRefused(edited.refused);
      return;
    }
    latest.current = done(latest.current, { ...now, text: changed(current, edited.changes) });
    setHistory(latest.current);
    setRefused(undefined);
    setWay(undefined);
    setChosen((before) => edited.selected ?? before);
  }, [latest, setHistory]);

  const keyed = (event: KeyboardEvent) => {
    const isField = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || event.altKey || isField || (key !== 'z' && key !== 'y')) {
      return;
    }
    // The text's own editor has a history of its own, which knows nothing of the graph.
    event.preventDefault();
    event.stopPropagation();
    setHistory(key === 'y' || event.shiftKey ? redone : undone);
  };

  const store = async (publish: boolean) => {
    // What is shown may be a moment older than what is written.
    const { json } = read(latest.current.now.text, latest.current.now.format);
    if (json === undefined) {
      return;
    }
    setBusy(true);
    setFailure(undefined);
    setSaid(undefined);
    try {
      if (machine === undefined) {
        const created = await aws.createMachine({ name: name.trim(), definition: json, roleArn: role, type });
        await client.invalidateQueries({ queryKey: ['machines'] });
        navigate(links.machine(created.stateMachineArn));
        return;
      }
      const answer = await aws.updateMachine({ stateMachineArn: machine.stateMachineArn, definition: json, ...(publish ? { publish } : {}) });
      setSaved(json);
      setSaid(answer.stateMachineVersionArn === undefined ? t.editor.saved : t.editor.published(qualifier(answer.stateMachineVersionArn) ?? ''));
      await client.invalidateQueries({ queryKey: ['machine'] });
      await client.invalidateQueries({ queryKey: ['versions'] });
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  const hasErrors = source.json === undefined || problems.some((problem) => problem.severity === 'error');
  const convert = (format: Format) => source.tree && setHistory((before) => done(before, { text: converted(source.tree!, format), format }));
  const { format } = history.now;

  return (
    <div onKeyDownCapture={keyed}>
      <Group justify="space-between" mb="md">
        <Title order={1} size="h2" className="payload-text">{machine === undefined ? t.editor.create : t.editor.title(machine.name)}</Title>
        <Group gap="xs">
          {machine !== undefined && source.json !== undefined && saved !== source.json && <Text size="sm">{t.editor.unsaved}</Text>}
          <Button variant="default" disabled={history.past.length === 0} onClick={() => setHistory(undone)}>{t.editing.undo}</Button>
          <Button variant="default" disabled={history.future.length === 0} onClick={() => setHistory(redone)}>{t.editing.redo}</Button>
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
          <Group mb="xs" gap="sm" align="center">
            <NativeSelect
              size="xs"
              aria-label={t.editing.form}
              value={format}
              disabled={source.tree === undefined}
              data={[{ value: 'json', label: 'JSON' }, { value: 'yaml', label: 'YAML' }]}
              onChange={(event) => convert(event.currentTarget.value === 'yaml' ? 'yaml' : 'json')}
            />
            {format === 'yaml' && <Text size="xs">{t.editing.commentsLost}</Text>}
          </Group>
          <CodeEditor
            key={format}
            label={t.editing.textAs(format.toUpperCase())}
            text={history.now.text}
            onChange={(text) => setHistory((before) => typed(before, text, Date.now()))}
            problems={problems}
            place={place}
          />
          <Problems problems={problems} checking={source.fault === undefined && (!isCurrent || query.isFetching)} failure={query.isError ? query.error : undefined} onSelect={(at) => setPlace({ at, focus: true })} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Tabs defaultValue="graph" keepMounted={false}>
            <Tabs.List mb="sm">
              <Tabs.Tab value="graph">{t.graph.title}</Tabs.Tab>
              <Tabs.Tab value="test">{t.editor.test}</Tabs.Tab>
              <Tabs.Tab value="run">{t.simulation.title}</Tabs.Tab>
              {machine !== undefined && <Tabs.Tab value="changes">{t.editor.changes}</Tabs.Tab>}
            </Tabs.List>
            <Tabs.Panel value="graph">
              {refused !== undefined && <Alert color="yellow" role="alert" mb="xs" p="xs">{t.editing.refused[refused]}</Alert>}
              <Visual
                source={source} definition={definition} region={region} problems={withProblems} selected={chosen} way={way} onSelect={look} onWay={setWay} edit={edit}
              />
            </Tabs.Panel>
            <Tabs.Panel value="test"><StateTest text={source.json ?? ''} states={allStates(region)} chosen={chosen} onChoose={choose} /></Tabs.Panel>
            <Tabs.Panel value="run"><Simulation json={source.json} type={machine?.type ?? type} region={region} plan={plan} onPlan={setPlan} onMade={setMade} /></Tabs.Panel>
            <Tabs.Panel value="changes"><Lazy><Diff before={saved} after={source.json ?? ''} label={t.editor.changes} /></Lazy></Tabs.Panel>
          </Tabs>
        </Grid.Col>
      </Grid>
      {made && <MadeRun made={made} onMock={(state) => setPlan({ ...plan, mocks: { ...plan.mocks, [state]: [NEW_MOCK] } })} />}
    </div>
  );
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
              <button type="button" className="link-button" title={t.editing.at(problem.line, problem.column)} onClick={() => onSelect(problem.from)}>{problem.line}:{problem.column}</button>{' '}
              <span className="payload-text">{problem.code}: {problem.message}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
