import { Alert, Button, Group, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { aws } from '../api/aws';
import { useText } from '../i18n';
import { tokenIn, waiting } from '../run/token';
import type { Visit } from '../run/view';
import { Confirm } from '../shared/Actions';
import { JsonInput, jsonProblem } from '../shared/JsonInput';

/** What somebody else should answer, answered from here: the API takes it from whoever has the token. */
export function TokenForm({ visit, executionArn }: { visit: Visit; executionArn: string }) {
  const t = useText();
  const [kind, setKind] = useState<'success' | 'failure'>();
  const attempt = waiting(visit);
  if (attempt === undefined) {
    return null;
  }
  return (
    <Alert color="blue" mb="xs" title={t.token.waits}>
      <Group gap="xs">
        <Button size="compact-sm" onClick={() => setKind('success')}>{t.token.success}</Button>
        <Button size="compact-sm" variant="default" onClick={() => setKind('failure')}>{t.token.failure}</Button>
      </Group>
      {kind !== undefined && <Send key={attempt.scheduledId} kind={kind} given={tokenIn(attempt.parameters, executionArn)} close={() => setKind(undefined)} />}
    </Alert>
  );
}

function Send({ kind, given, close }: { kind: 'success' | 'failure'; given: string | undefined; close: () => void }) {
  const t = useText();
  const [token, setToken] = useState(given ?? '');
  const [output, setOutput] = useState('{}');
  const [error, setError] = useState('');
  const [cause, setCause] = useState('');
  return (
    <Confirm
      title={kind === 'success' ? t.token.success : t.token.failure}
      close={close}
      action={async () => {
        const problem = kind === 'success' ? jsonProblem(output) : undefined;
        if (problem !== undefined) {
          throw new Error(problem);
        }
        await (kind === 'success' ? aws.sendTaskSuccess(token.trim(), output) : aws.sendTaskFailure(token.trim(), error, cause));
      }}
    >
      <TextInput label={t.token.token} description={given === undefined ? t.token.missing : t.token.found} value={token} onChange={(event) => setToken(event.currentTarget.value)} classNames={{ input: 'code' }} />
      {kind === 'success' ? <JsonInput label={t.token.output} value={output} onChange={setOutput} /> : (
        <>
          <TextInput label={t.token.error} value={error} maxLength={256} onChange={(event) => setError(event.currentTarget.value)} />
          <TextInput label={t.token.cause} value={cause} onChange={(event) => setCause(event.currentTarget.value)} />
        </>
      )}
      <Text size="xs" c="var(--muted)">{kind === 'success' ? 'SendTaskSuccess' : 'SendTaskFailure'}</Text>
    </Confirm>
  );
}
