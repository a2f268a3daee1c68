import { Button, Select, Stack, Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import { aws } from '../api/aws';
import type { StateNode } from '../asl/graph';
import { useText } from '../i18n';
import { Failed } from '../shared/Answer';
import { JsonInput, jsonProblem } from '../shared/JsonInput';
import { Payload } from '../shared/Payload';

/** A state as TestState wants it: by itself, with the query language that the machine gives it. */
export function stateDefinition(text: string, state: StateNode): string | undefined {
  try {
    const machine = JSON.parse(text) as { QueryLanguage?: string };
    return JSON.stringify({ ...(machine.QueryLanguage ? { QueryLanguage: machine.QueryLanguage } : {}), ...state.definition });
  } catch {
    return undefined;
  }
}

export function StateTest({ text, states, chosen, onChoose }: { text: string; states: readonly StateNode[]; chosen: string | undefined; onChoose: (state: string) => void }) {
  const t = useText();
  const [input, setInput] = useState('{}');
  const [variables, setVariables] = useState('{}');
  const [failure, setFailure] = useState<unknown>();
  const [result, setResult] = useState<Awaited<ReturnType<typeof aws.testState>>>();
  const [busy, setBusy] = useState(false);
  const state = states.find((one) => one.name === chosen) ?? states[0];
  const definition = useMemo(() => (state === undefined ? undefined : stateDefinition(text, state)), [text, state]);
  if (state === undefined) {
    return <Text size="sm">{t.editor.notJson}</Text>;
  }
  const run = async () => {
    setBusy(true);
    setFailure(undefined);
    setResult(undefined);
    try {
      setResult(await aws.testState(definition!, input, variables));
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Stack gap="sm">
      <Select label={t.editor.testState} data={[...new Set(states.map((one) => one.name))]} value={state.name} allowDeselect={false} searchable onChange={(name) => name && onChoose(name)} />
      <JsonInput label={t.input} value={input} onChange={setInput} />
      <JsonInput label={t.editor.variables} value={variables} onChange={setVariables} />
      {definition === undefined && <Text size="sm">{t.editor.notJson}</Text>}
      <Button loading={busy} disabled={definition === undefined || jsonProblem(input) !== undefined || jsonProblem(variables) !== undefined} onClick={() => void run()}>{t.editor.run}</Button>
      {failure !== undefined && <Failed error={failure} />}
      {result && (
        <section aria-label={t.editor.test}>
          <Text fw={600} data-testid="test-status">{result.status}{result.nextState === undefined ? '' : ` → ${result.nextState}`}</Text>
          {result.error !== undefined && <Text size="sm" className="payload-text">{result.error}: {result.cause}</Text>}
          <Payload title={t.output} text={result.output} file={`${state.name}-output`} />
          {Object.entries(result.inspectionData ?? {}).map(([stage, value]) =>
            <Payload key={stage} title={stage} text={typeof value === 'string' ? value : JSON.stringify(value)} file={`${state.name}-${stage}`} />)}
        </section>
      )}
    </Stack>
  );
}
