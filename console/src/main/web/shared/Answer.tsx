import { Alert, Button, Group, Loader, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { failureOf } from '../api/failure';
import { useLocale, useText } from '../i18n';
import { dateTime } from './format';

/**
 * What a query has answered. While it hasn't, a page says so; when it can't, why. Data that was there stays, marked as
 * old: an empty list only ever means that there is nothing.
 */
export function Answer<T>({ query, children }: { query: UseQueryResult<T>; children: (data: T) => ReactNode }) {
  const t = useText();
  const locale = useLocale();
  if (query.data !== undefined) {
    return (
      <>
        {query.isError && (
          <Alert color="yellow" role="status" mb="sm" title={t.stale.title}>
            {t.stale.since(dateTime(query.dataUpdatedAt / 1000, locale))} {failureOf(query.error).message}
          </Alert>
        )}
        {children(query.data)}
      </>
    );
  }
  if (query.isError) {
    return <Failed error={query.error} again={() => void query.refetch()} />;
  }
  return (
    <Group role="status" p="md">
      <Loader size="sm" />
      <Text>{t.loading}</Text>
    </Group>
  );
}

export function Failed({ error, again }: { error: unknown; again?: () => void }) {
  const t = useText();
  const failure = failureOf(error);
  return (
    <Alert color={failure.temporary ? 'yellow' : 'red'} title={failure.code} role="alert" mb="sm">
      <Text size="sm" className="payload-text">{failure.message}</Text>
      {failure.mend !== undefined && <Text size="sm">{failure.mend}</Text>}
      {failure.temporary && <Text size="sm">{t.temporary}</Text>}
      {again && (
        <Button size="xs" mt="xs" variant="default" onClick={again}>
          {t.tryAgain}
        </Button>
      )}
    </Alert>
  );
}
