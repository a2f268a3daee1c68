import { Button, Group, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { session } from '../api/session';
import { useText } from '../i18n';
import { Failed } from './Answer';

/** Asks for an API key; the node gives a cookie for it, which no script can read. */
export function Login() {
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
      window.location.reload();
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };
  return (
    <form onSubmit={(event) => void begin(event)} data-testid="login">
      <Stack gap="sm" maw={480}>
        <Title order={2} size="h3">{t.login.title}</Title>
        <Text size="sm">{t.login.hint}</Text>
        <PasswordInput label={t.login.key} value={key} autoComplete="off" onChange={(event) => setKey(event.currentTarget.value)} />
        {failure !== undefined && <Failed error={failure} />}
        <Group><Button type="submit" loading={busy} disabled={key.trim() === ''}>{t.login.action}</Button></Group>
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
