import { Alert, FileInput, Text, Title } from '@mantine/core';
import { useMemo, useState } from 'react';
import { RunPanels } from '../execution/RunPanels';
import { useText } from '../i18n';
import { runView } from '../run/view';
import { StatusBadge } from '../shared/StatusBadge';
import { exported, type Exported } from './exported';

/** A history from a file, read only. */
export default function FilePage() {
  const t = useText();
  const [found, setFound] = useState<Exported>();
  const [isWrong, setWrong] = useState(false);
  const view = useMemo(() => runView(found?.events ?? []), [found]);
  const read = async (file: File | null) => {
    const content = file === null ? undefined : exported(await file.text());
    setFound(content);
    setWrong(file !== null && content === undefined);
  };
  return (
    <>
      <Title order={1} size="h2" mb="xs">{t.file.title}</Title>
      <Text size="sm" mb="sm">{t.file.hint}</Text>
      <FileInput label={t.file.choose} accept=".json,application/json" onChange={(file) => void read(file)} maw={400} mb="md" />
      {isWrong && <Alert color="red" role="alert">{t.file.wrong}</Alert>}
      {found && (
        <>
          <Text mb="xs" className="payload-text">{found.execution?.name} <StatusBadge status={found.execution?.status ?? view.status} /></Text>
          <RunPanels view={view} definition={found.definition} execution={found.execution} />
        </>
      )}
    </>
  );
}
