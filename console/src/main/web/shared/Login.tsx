import { Alert, Button, Divider, Group, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useSearchParams } from 'wouter';
import { isStranger, session } from '../api/session';
import { useText } from '../i18n';
import { Answer, Failed } from './Answer';
import { PROVIDER_LOGIN, remember, wanted } from './providerLogin';

/** Asks who is there: at the provider, or by an API key. The node gives a cookie for it, which no script can read. */
export function Login() {
  const t = useText();
  const [parameters] = useSearchParams();
  const reasons: Record<string, string> = t.login.reasons;
  const reason = parameters.get('login') ?? '';
  const query = useQuery({ queryKey: ['login'], queryFn: session.ways, staleTime: Infinity });
  return (
    <Stack gap="sm" maw={480} data-testid="login">
      <Title order={1} size="h3">{t.login.title}</Title>
      <Text size="sm">{t.login.hint}</Text>
      {Object.hasOwn(reasons, reason) && <Alert color="red" role="alert" title={t.login.failed}>{reasons[reason]}</Alert>}
      <Answer query={query}>
        {({ apiKeys, provider }) => (
          <>
            {provider !== undefined && (
              <Group><Button component="a" href={PROVIDER_LOGIN} onClick={remember}>{t.login.provider(provider)}</Button></Group>
            )}
            {provider !== undefined && apiKeys && <Divider />}
            {apiKeys && <KeyForm />}
          </>
        )}
      </Answer>
    </Stack>
  );
}

function KeyForm() {
  const t = useText();
  const [key, setKey] = useState('');
  const [failure, setFailure] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const begin = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setFailure(undefined);
    try {
      await session.begin(key.trim());
      // From the start: every stream and every page that was refused asks again.
      window.location.replace(wanted());
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };
  return (
    <form onSubmit={(event) => void begin(event)}>
      <Stack gap="sm">
        <PasswordInput label={t.login.key} description={t.login.keyHint} value={key} autoComplete="off" onChange={(event) => setKey(event.currentTarget.value)} />
        {failure !== undefined && (isStranger(failure) ? <Alert color="red" role="alert" title={t.login.failed}>{t.login.wrongKey}</Alert> : <Failed error={failure} />)}
        <Group><Button type="submit" variant="default" loading={busy} disabled={key.trim() === ''}>{t.login.action}</Button></Group>
      </Stack>
    </form>
  );
}

/** Who is logged in, where anybody is. */
export function Logout() {
  const t = useText();
  const { data } = useQuery({ queryKey: ['session'], queryFn: session.get, staleTime: Infinity });
  if (data?.user === undefined) {
    return null;
  }
  return (
    <Button size="compact-sm" variant="default" onClick={() => void session.end().then(() => window.location.reload())}>
      {t.login.end(data.user)}
    </Button>
  );
}
