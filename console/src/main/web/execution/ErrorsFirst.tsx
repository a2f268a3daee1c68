import { Alert, Button, Text } from '@mantine/core';
import type { Execution } from '../api/types';
import { useText } from '../i18n';
import { culprits, type RunView, type Visit } from '../run/view';

/** What went wrong, before anything else: the state, its error and cause, the field, the attempts. */
export function ErrorsFirst({ view, execution, onSelect }: { view: RunView; execution: Execution | undefined; onSelect: (visit: Visit) => void }) {
  const t = useText();
  const status = execution?.status ?? view.status;
  if (status === 'RUNNING' || status === 'SUCCEEDED') {
    return null;
  }
  const found = culprits(view);
  const visit = found[0];
  const error = execution?.error ?? visit?.error;
  const cause = execution?.cause ?? visit?.cause;
  return (
    <Alert color={status === 'ABORTED' ? 'gray' : 'red'} title={t.execution.ended(t.status[status], error)} role="alert" mb="md" data-testid="errors-first">
      {cause !== undefined && <Text size="sm" className="payload-text" mb={4}>{cause.slice(0, 4000)}</Text>}
      {visit?.location !== undefined && <Text size="sm" className="payload-text">{t.detail.field}: {visit.location}</Text>}
      {visit !== undefined && (
        <Text size="sm" component="div">
          {t.execution.failedIn}{' '}
          <Button size="compact-sm" variant="default" onClick={() => onSelect(visit)}>{visit.state}</Button>
          {visit.attempts.length > 0 && ` ${t.execution.afterAttempts(visit.attempts.length)}`}
          {found.length > 1 && ` ${t.execution.andOthers(found.length - 1)}`}
        </Text>
      )}
    </Alert>
  );
}
