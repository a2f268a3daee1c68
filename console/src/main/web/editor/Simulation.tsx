import { Alert, Button, Group, NativeSelect, Select, Stack, Text, TextInput } from '@mantine/core';
import { useMemo, useState } from 'react';
import { rest } from '../api/rest';
import type { Simulated, SimulatedRun } from '../api/types';
import type { Region } from '../asl/graph';
import { RunPanels } from '../execution/RunPanels';
import { useText } from '../i18n';
import { runView } from '../run/view';
import { Failed } from '../shared/Answer';
import { duration } from '../shared/format';
import { JsonInput, jsonProblem } from '../shared/JsonInput';
import { isUsable, NEW_MOCK, tasksOf, wanted, type MockDraft, type Mocks } from './mocks';

/** What a run is given; it outlives the tab that it is written in. */
export interface Plan {
  input: string;
  mocks: Mocks;
}

/** A run that was made, with the definition that it was made of. */
export interface Made {
  definition: string;
  input: unknown;
  run: Simulated;
}

export function Simulation({ json, type, region, plan, onPlan, onMade }: {
  json: string | undefined; type: string; region: Region; plan: Plan; onPlan: (plan: Plan) => void; onMade: (made: Made | undefined) => void;
}) {
  const t = useText();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const tasks = useMemo(() => tasksOf(region), [region]);
  const isReady = json !== undefined && jsonProblem(plan.input) === undefined && tasks.every((state) => (plan.mocks[state] ?? []).every(isUsable));
  const run = async () => {
    setBusy(true);
    setFailure(undefined);
    onMade(undefined);
    try {
      const input = JSON.parse(plan.input) as unknown;
      onMade({ definition: json!, input, run: await rest.simulate({ definition: json!, type, input, mocks: wanted(plan.mocks, tasks) }) });
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Stack gap="sm">
      <Text size="sm">{t.simulation.hint}</Text>
      <JsonInput label={t.input} value={plan.input} onChange={(input) => onPlan({ ...plan, input })} />
      <section aria-label={t.simulation.mocks}>
        {tasks.length === 0 && <Text size="sm">{t.simulation.noTasks}</Text>}
        {tasks.map((state) => (
          <Answers key={state} state={state} drafts={plan.mocks[state] ?? []} onChange={(drafts) => onPlan({ ...plan, mocks: { ...plan.mocks, [state]: drafts } })} />
        ))}
      </section>
      <Button loading={busy} disabled={!isReady} onClick={() => void run()}>{t.simulation.run}</Button>
      {failure !== undefined && <Failed error={failure} />}
    </Stack>
  );
}

function Answers({ state, drafts, onChange }: { state: string; drafts: readonly MockDraft[]; onChange: (drafts: readonly MockDraft[]) => void }) {
  const t = useText();
  return (
    <fieldset className="mock" data-mock={state}>
      <legend>{t.simulation.mockOf(state)}</legend>
      {drafts.length === 0 && <Text size="xs">{t.simulation.noMock}</Text>}
      {drafts.map((draft, index) => (
        <Answer
          key={index}
          title={t.simulation.answer(index + 1)}
          draft={draft}
          onChange={(changed) => onChange(drafts.with(index, changed))}
          onRemove={() => onChange(drafts.toSpliced(index, 1))}
        />
      ))}
      {drafts.length > 0 && <Text size="xs">{t.simulation.lastRepeats}</Text>}
      <Button size="compact-xs" mt={4} variant="default" aria-label={`${t.simulation.addAnswer}: ${state}`} onClick={() => onChange([...drafts, NEW_MOCK])}>{t.simulation.addAnswer}</Button>
    </fieldset>
  );
}

function Answer({ title, draft, onChange, onRemove }: { title: string; draft: MockDraft; onChange: (draft: MockDraft) => void; onRemove: () => void }) {
  const t = useText();
  const text = (field: 'error' | 'cause' | 'after', label: string) => (
    <TextInput size="xs" label={label} value={draft[field]} spellCheck={false} onChange={(event) => onChange({ ...draft, [field]: event.currentTarget.value })} />
  );
  return (
    <div role="group" aria-label={title}>
      <Group gap="xs" align="end">
        <NativeSelect
          size="xs"
          label={`${title}: ${t.simulation.kind}`}
          value={draft.kind}
          data={[{ value: 'result', label: t.simulation.kinds.result }, { value: 'error', label: t.simulation.kinds.error }]}
          onChange={(event) => onChange({ ...draft, kind: event.currentTarget.value === 'error' ? 'error' : 'result' })}
        />
        {draft.kind === 'error' && text('error', t.simulation.error)}
        {draft.kind === 'error' && text('cause', t.simulation.cause)}
        {text('after', t.simulation.after)}
        <Button size="compact-xs" variant="default" onClick={onRemove}>{t.simulation.removeAnswer}</Button>
      </Group>
      {draft.kind === 'result' && <JsonInput label={t.simulation.result} value={draft.result} onChange={(result) => onChange({ ...draft, result })} />}
    </div>
  );
}

/** What a run did, as that of any other execution is shown. */
export function MadeRun({ made, onMock }: { made: Made; onMock: (state: string) => void }) {
  const t = useText();
  const [child, setChild] = useState<string | null>(null);
  const { run } = made;
  const shown: SimulatedRun & { input: unknown } = (child === null ? undefined : run.children[Number(child)]) ?? { ...run, input: made.input };
  const view = useMemo(() => runView(shown.events), [shown.events]);
  const { unmocked } = run;
  return (
    <section aria-label={t.simulation.title}>
      <Text fw={600} my="sm" role="status" data-testid="simulated">{t.simulation.ended(t.status[run.status], duration(run.simulatedSeconds * 1000))}</Text>
      {run.waitsFor.length > 0 && (
        <Alert color="yellow" role="alert" mb="sm" title={t.simulation.leftAs}>
          <ul>{run.waitsFor.slice(0, 20).map((line) => <li key={line} className="payload-text">{line}</li>)}</ul>
          {unmocked && <Button size="compact-sm" variant="default" onClick={() => onMock(unmocked.state)}>{t.simulation.mockIt(unmocked.state)}</Button>}
        </Alert>
      )}
      {run.unusedMocks.length > 0 && <Text size="sm" className="payload-text">{t.simulation.unused(run.unusedMocks.join(', '))}</Text>}
      {run.children.length > 0 && (
        <Select
          size="xs" mb="sm" w={300} searchable clearable limit={200}
          label={t.simulation.shown}
          placeholder={t.simulation.whole}
          data={run.children.map((one, index) => ({ value: String(index), label: t.simulation.child(index, t.status[one.status]) }))}
          value={child}
          onChange={setChild}
        />
      )}
      <RunPanels
        view={view}
        definition={made.definition}
        execution={{
          executionArn: '', stateMachineArn: '', name: '', startDate: 0, status: shown.status, input: JSON.stringify(shown.input),
          ...(shown.output === undefined ? {} : { output: JSON.stringify(shown.output) }),
          ...(shown.error === undefined ? {} : { error: shown.error }),
          ...(shown.cause === undefined ? {} : { cause: shown.cause }),
        }}
      />
    </section>
  );
}
