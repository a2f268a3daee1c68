import { Grid, Paper, Tabs, Text } from '@mantine/core';
import { lazy, useCallback, useMemo } from 'react';
import { useSearchParams } from 'wouter';
import type { Execution } from '../api/types';
import { allStates, parse } from '../asl/graph';
import { useText } from '../i18n';
import { summaries, taken, type Picked, type RunView, type Visit } from '../run/view';
import { Lazy } from '../shared/Lazy';
import { changed } from '../shared/parameters';
import { Payload } from '../shared/Payload';
import { Detail } from './Detail';
import { ErrorsFirst } from './ErrorsFirst';
import { Events } from './Events';
import { Timeline } from './Timeline';

const Graph = lazy(() => import('../shared/Graph'));
const PICK = 'it.';

function pickedIn(parameters: URLSearchParams): Picked {
  const picked: Record<string, number> = {};
  for (const [name, value] of parameters) {
    if (name.startsWith(PICK) && /^\d+$/.test(value)) {
      picked[name.slice(PICK.length)] = Number(value);
    }
  }
  return picked;
}

/** A run, live or from a file: graph, timeline and events, and beside them the state that is looked at. */
export function RunPanels({ view, definition, execution, isLive = false }: {
  view: RunView; definition: string | undefined; execution: Execution | undefined; isLive?: boolean;
}) {
  const t = useText();
  const [parameters, setParameters] = useSearchParams();
  const region = useMemo(() => parse(definition ?? ''), [definition]);
  const states = useMemo(() => new Map(allStates(region).map((state) => [state.name, state])), [region]);
  const query = parameters.toString();
  const picked = useMemo(() => pickedIn(new URLSearchParams(query)), [query]);
  const found = useMemo(() => summaries(view, picked), [view, picked]);
  const ways = useMemo(() => taken(view), [view]);
  const selected = parameters.get('state') ?? undefined;
  const visitId = Number(parameters.get('visit') ?? 0);
  const state = selected === undefined ? undefined : states.get(selected);
  const visit = view.visits.find((one) => one.id === visitId && one.state === selected) ?? (selected === undefined ? undefined : found.get(selected)?.visit);

  const set = useCallback(
    (values: Record<string, string | undefined>) => setParameters((before) => changed(before, values), { replace: true }),
    [setParameters]);
  const selectState = useCallback((name: string) => set({ state: name, visit: undefined }), [set]);
  const selectVisit = useCallback((one: Visit) => set({ state: one.state, visit: String(one.id) }), [set]);
  const pick = useCallback((map: string, index: number | undefined) => set({ [PICK + map]: index?.toString(), visit: undefined }), [set]);

  return (
    <>
      <ErrorsFirst view={view} execution={execution} onSelect={selectVisit} />
      <Grid>
        <Grid.Col span={{ base: 12, lg: 8 }}>
          <Tabs value={parameters.get('tab') ?? 'graph'} onChange={(tab) => set({ tab: tab === 'graph' ? undefined : (tab ?? undefined) })} keepMounted={false}>
            <Tabs.List mb="sm">
              <Tabs.Tab value="graph">{t.graph.title}</Tabs.Tab>
              <Tabs.Tab value="timeline">{t.execution.timeline}</Tabs.Tab>
              <Tabs.Tab value="events">{t.events.title}</Tabs.Tab>
              <Tabs.Tab value="payloads">{t.execution.payloads}</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="graph">
              {definition === undefined
                ? <Text>{t.execution.noDefinition}</Text>
                : <div className="graph-frame"><Lazy><Graph region={region} summaries={found} taken={ways} selected={selected} onSelect={selectState} /></Lazy></div>}
            </Tabs.Panel>
            <Tabs.Panel value="timeline"><Timeline view={view} selected={visit} onSelect={selectVisit} /></Tabs.Panel>
            <Tabs.Panel value="events"><Events view={view} /></Tabs.Panel>
            <Tabs.Panel value="payloads">
              <Payload title={t.input} text={execution?.input} file="input" />
              <Payload title={t.output} text={execution?.output} file="output" />
              <Payload title={t.definition} text={definition} file="definition" />
            </Tabs.Panel>
          </Tabs>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 4 }}>
          <Paper withBorder p="sm">
            {state === undefined
              ? <Text size="sm">{t.detail.pickOne}</Text>
              : <Detail view={view} executionArn={isLive ? execution?.executionArn : undefined} state={state} picked={picked} visit={visit} onVisit={selectVisit} onPick={pick} />}
          </Paper>
        </Grid.Col>
      </Grid>
    </>
  );
}
