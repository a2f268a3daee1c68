import { Alert } from '@mantine/core';
import { useText } from '../i18n';
import { useIsLost } from './connection';

export function ConnectionBanner() {
  const t = useText();
  return useIsLost() ? <Alert color="yellow" role="status" title={t.stale.title} mb="sm" data-testid="connection-lost">{t.stale.node}</Alert> : null;
}
