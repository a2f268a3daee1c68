import { Group, Select, Table, Text, Title } from '@mantine/core';
import { Link } from 'wouter';
import { links } from '../api/arns';
import type { StateNode } from '../asl/graph';
import { useLocale, useText } from '../i18n';
import { isPicked, type Picked, type RunView, type Visit } from '../run/view';
import { dateTime, duration } from '../shared/format';
import { Payload } from '../shared/Payload';
import { Iterations } from './Iterations';
import { TokenForm } from './TokenForm';

/** All that is known of one state in this run. */
export function Detail({ view, executionArn, state, picked, visit, onVisit, onPick }: {
  view: RunView;
  /** Undefined: the run is from a file. */
  executionArn: string | undefined;
  state: StateNode;
  picked: Picked;
  visit: Visit | undefined;
  onVisit: (visit: Visit) => void;
  onPick: (map: string, index: number | undefined) => void;
}) {
  const t = useText();
  const locale = useLocale();
  const visits = view.visits.filter((one) => one.state === state.name && isPicked(one, picked));
  return (
    <section aria-label={t.detail.title(state.name)}>
      <Title order={2} size="h4" className="payload-text">{state.name}</Title>
      <Text size="sm" c="var(--muted)" className="payload-text" mb="xs">{state.type}{state.resource === undefined ? '' : ` · ${state.resource}`}</Text>
      {visits.length > 1 && (
        <Select
          label={t.detail.visit}
          size="xs"
          mb="xs"
          searchable
          limit={200}
          allowDeselect={false}
          data={visits.map((one, index) => ({ value: String(one.id), label: `${index + 1}: ${t.visit[one.status]}, ${dateTime(one.from / 1000, locale)}` }))}
          value={visit ? String(visit.id) : null}
          onChange={(id) => {
            const chosen = visits.find((one) => String(one.id) === id);
            if (chosen) {
              onVisit(chosen);
            }
          }}
        />
      )}
      {visit === undefined ? <Text size="sm">{t.detail.notVisited}</Text> : (
        <>
          <Group gap="xs" mb="xs">
            <span className={`status status-${visit.status}`}>{t.visit[visit.status]}</span>
            <Text size="sm">{dateTime(visit.from / 1000, locale)}{visit.to === undefined ? '' : ` · ${duration(visit.to - visit.from)}`}</Text>
          </Group>
          {visit.error !== undefined && (
            <div className="error-box">
              <Text fw={600} size="sm" className="payload-text">{visit.error}</Text>
              {visit.cause !== undefined && <Text size="sm" className="payload-text">{visit.cause}</Text>}
              {visit.location !== undefined && <Text size="sm" className="payload-text">{t.detail.field}: {visit.location}</Text>}
            </div>
          )}
          {executionArn !== undefined && view.status === 'RUNNING' && <TokenForm visit={visit} executionArn={executionArn} />}
          {visit.mapRunArn !== undefined && <Text size="sm" mb="xs"><Link href={links.mapRun(visit.mapRunArn)}>{t.mapRun.open}</Link></Text>}
          {visit.type === 'Map' && visit.mapRunArn === undefined && <Iterations map={visit} picked={picked[visit.state]} onPick={(index) => onPick(visit.state, index)} />}
          <Attempts visit={visit} />
          <Payload title={t.input} text={visit.input} file={`${state.name}-input`} />
          <Payload title={t.detail.parameters} text={visit.attempts.at(-1)?.parameters} file={`${state.name}-parameters`} />
          <Payload title={t.detail.result} text={visit.attempts.at(-1)?.result} file={`${state.name}-result`} />
          <Payload title={t.output} text={visit.output} file={`${state.name}-output`} />
          {visit.variables !== undefined && (
            <Payload title={t.detail.variables} text={JSON.stringify(readable(visit.variables))} file={`${state.name}-variables`} />
          )}
        </>
      )}
      <Payload title={t.definition} text={JSON.stringify(state.definition)} file={`${state.name}-definition`} />
    </section>
  );
}

function readable(variables: Record<string, string>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => {
      try {
        return [name, JSON.parse(value)];
      } catch {
        return [name, value];
      }
    }));
}

function Attempts({ visit }: { visit: Visit }) {
  const t = useText();
  if (visit.attempts.length < 2) {
    return null;
  }
  return (
    <Table.ScrollContainer minWidth={300} mb="xs">
      <Table>
        <Table.Thead>
          <Table.Tr><Table.Th>{t.detail.attempt}</Table.Th><Table.Th>{t.statusLabel}</Table.Th><Table.Th>{t.duration}</Table.Th><Table.Th>{t.detail.error}</Table.Th></Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {visit.attempts.map((attempt, index) => (
            <Table.Tr key={attempt.scheduledId}>
              <Table.Td>{index + 1}</Table.Td>
              <Table.Td>{t.visit[attempt.status]}</Table.Td>
              <Table.Td>{attempt.to === undefined ? '–' : duration(attempt.to - attempt.from)}</Table.Td>
              <Table.Td className="payload-text" title={attempt.cause}>{attempt.error ?? ''}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
