import { ActionIcon, Anchor, AppShell, Group, NativeSelect, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { lazy, type ReactNode } from 'react';
import { Link, Route, Switch, useLocation } from 'wouter';
import { links } from './api/arns';
import { ExecutionPage } from './execution/ExecutionPage';
import { LANGUAGES, useLanguage, useText, type Language } from './i18n';
import { MachinePage } from './machines/MachinePage';
import { MachinesPage } from './machines/MachinesPage';
import { useIsStrange } from './shared/connection';
import { ConnectionBanner } from './shared/ConnectionBanner';
import { Lazy } from './shared/Lazy';
import { Login, Logout } from './shared/Login';

const SearchPage = lazy(() => import('./search/SearchPage'));
const LivePage = lazy(() => import('./live/LivePage'));
const MapRunPage = lazy(() => import('./maprun/MapRunPage'));
const MetricsPage = lazy(() => import('./metrics/MetricsPage'));
const OperationsPage = lazy(() => import('./operations/OperationsPage'));
const FilePage = lazy(() => import('./file/FilePage'));
const ComparePage = lazy(() => import('./compare/ComparePage'));
const EditorPage = lazy(() => import('./editor/EditorPage'));

export function App() {
  const t = useText();
  const strange = useIsStrange();
  return (
    <AppShell header={{ height: 52 }} padding="md">
      <a className="skip" href="#content">{t.skip}</a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap" gap="sm">
          <Group component="nav" aria-label={t.nav.main} gap="md" wrap="nowrap" className="nav">
            <Link href="/" className="brand">{t.title}</Link>
            <NavLink to={links.machines()}>{t.nav.machines}</NavLink>
            <NavLink to={links.search()}>{t.nav.search}</NavLink>
            <NavLink to={links.live()}>{t.nav.live}</NavLink>
            <NavLink to={links.metrics()}>{t.metrics.title}</NavLink>
            <NavLink to={links.operations()}>{t.nav.operations}</NavLink>
            <NavLink to={links.file()}>{t.nav.file}</NavLink>
          </Group>
          <Preferences />
        </Group>
      </AppShell.Header>
      <AppShell.Main id="content" tabIndex={-1}>
        <ConnectionBanner />
        {strange ? <Login /> : <Pages />}
      </AppShell.Main>
    </AppShell>
  );
}

function NavLink({ to, children }: { to: string; children: ReactNode }) {
  const [path] = useLocation();
  const isHere = to === '/' ? path === '/' || path.startsWith('/machines') : path.startsWith(to);
  return <Anchor component={Link} href={to} size="sm" {...(isHere ? { 'aria-current': 'page' as const } : {})}>{children}</Anchor>;
}

function Preferences() {
  const t = useText();
  const { language, choose } = useLanguage();
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  return (
    <Group gap="xs" wrap="nowrap">
      <Logout />
      <NativeSelect
        size="xs"
        aria-label={t.language}
        value={language}
        data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
        onChange={(event) => choose(event.currentTarget.value as Language)}
      />
      <ActionIcon variant="default" aria-label={t.colors} onClick={() => setColorScheme(scheme === 'dark' ? 'light' : 'dark')}>
        {scheme === 'dark' ? '☀' : '☾'}
      </ActionIcon>
    </Group>
  );
}

function Pages() {
  const t = useText();
  return (
    <Switch>
      <Route path="/"><MachinesPage /></Route>
      <Route path="/machines/:arn">{({ arn }) => <MachinePage key={arn} arn={decoded(arn)} />}</Route>
      <Route path="/machines/:arn/edit">{({ arn }) => <Lazy><EditorPage key={arn} arn={decoded(arn)} /></Lazy>}</Route>
      <Route path="/new"><Lazy><EditorPage /></Lazy></Route>
      <Route path="/executions/:arn">{({ arn }) => <ExecutionPage key={arn} arn={decoded(arn)} />}</Route>
      <Route path="/map-runs/:arn">{({ arn }) => <Lazy><MapRunPage key={arn} arn={decoded(arn)} /></Lazy>}</Route>
      <Route path="/search"><Lazy><SearchPage /></Lazy></Route>
      <Route path="/live"><Lazy><LivePage /></Lazy></Route>
      <Route path="/metrics"><Lazy><MetricsPage /></Lazy></Route>
      <Route path="/operations"><Lazy><OperationsPage /></Lazy></Route>
      <Route path="/file"><Lazy><FilePage /></Lazy></Route>
      <Route path="/compare"><Lazy><ComparePage /></Lazy></Route>
      <Route>{t.notFound}</Route>
    </Switch>
  );
}

/** The router decodes once; what is no longer encoded then must not be decoded again. */
function decoded(arn: string): string {
  try {
    return arn.includes('%3A') ? decodeURIComponent(arn) : arn;
  } catch {
    return arn;
  }
}
