import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Router } from 'wouter';
import { LanguageProvider } from '../../main/web/i18n';
import { Login } from '../../main/web/shared/Login';
import { newClient } from '../../main/web/shared/connection';
import { comeBack, remember } from '../../main/web/shared/providerLogin';

let ways: object = {};
let refusal: { status: number; text: string } | undefined;
let root: Root | undefined;

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  vi.stubGlobal('fetch', (_: string, init: RequestInit) =>
    Promise.resolve(init.method === 'POST' && refusal !== undefined
      ? { ok: false, status: refusal.status, text: () => Promise.resolve(refusal!.text) }
      : { ok: true, status: 200, text: () => Promise.resolve(JSON.stringify(ways)) }));
});

afterEach(async () => {
  await act(async () => root?.unmount());
  root = undefined;
  refusal = undefined;
  sessionStorage.clear();
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

async function show(path: string) {
  const element = document.createElement('div');
  document.body.append(element);
  history.replaceState(null, '', path);
  root = createRoot(element);
  await act(async () =>
    root!.render(
      <MantineProvider env="test">
        <LanguageProvider><QueryClientProvider client={newClient()}><Router base="/console"><Login /></Router></QueryClientProvider></LanguageProvider>
      </MantineProvider>));
}

async function eventually<T>(look: () => T | null | undefined | false): Promise<T> {
  let found: T | null | undefined | false;
  await vi.waitFor(async () => {
    await act(async () => {});
    found = look();
    expect(found, document.body.textContent ?? '').toBeTruthy();
  }, 5000);
  return found as T;
}

const provider = () => document.querySelector<HTMLAnchorElement>('a[href="/api/login/provider"]');
const key = () => document.querySelector<HTMLInputElement>('input[type=password]');

describe('the login', () => {
  it('has the ways that the node has', async () => {
    ways = { apiKeys: false, provider: '<b>id</b>' };
    await show('/console/');
    expect((await eventually(provider)).textContent).toBe('Sign in with <b>id</b>');
    expect(key()).toBeNull();
    await act(async () => root!.unmount());
    ways = { apiKeys: true };
    await show('/console/');
    await eventually(key);
    expect(provider()).toBeNull();
  });

  it('says what has become of one at the provider, and nothing that an address makes up', async () => {
    ways = { apiKeys: true, provider: 'id' };
    await show('/console/?login=denied');
    await eventually(() => document.querySelector('[role=alert]')?.textContent?.includes('has not let you in'));
    await act(async () => root!.unmount());
    await show('/console/?login=toString');
    await eventually(provider);
    expect(document.querySelector('[role=alert]')).toBeNull();
  });

  it('says that a key is wrong, and why another refusal was one', async () => {
    ways = { apiKeys: true };
    await show('/console/');
    const input = await eventually(key);
    const submit = async (status: number, title: string) => {
      refusal = { status, text: JSON.stringify({ title, detail: 'because' }) };
      await act(async () => {
        Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')!.set!.call(input, 'ssk_x');
        input.dispatchEvent(new Event('input', { bubbles: true }));
      });
      await act(async () => document.querySelector('form')!.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true })));
      return (await eventually(() => document.querySelector('[role=alert]'))).textContent;
    };
    expect(await submit(401, 'Not authenticated')).toContain('This API key isn’t known here');
    expect(await submit(403, 'Not logged in')).toContain('because');
  });
});

describe('a login at the provider', () => {
  it('leads back to the page that was wanted, once', () => {
    history.replaceState(null, '', '/console/executions/a%3Ab?tab=events&login=state');
    remember();
    history.replaceState(null, '', '/console/?login=done');
    comeBack();
    expect(`${location.pathname}${location.search}`).toBe('/console/executions/a%3Ab?tab=events');
    history.replaceState(null, '', '/console/?login=done');
    comeBack();
    expect(`${location.pathname}${location.search}`).toBe('/console/');
  });

  it('leads nowhere when it failed, and nowhere else', () => {
    history.replaceState(null, '', '/console/search');
    remember();
    history.replaceState(null, '', '/console/?login=denied');
    comeBack();
    expect(`${location.pathname}${location.search}`).toBe('/console/?login=denied');
    sessionStorage.setItem('stepstream.return', '//evil.example/console/');
    history.replaceState(null, '', '/console/?login=done');
    comeBack();
    expect(`${location.pathname}${location.search}`).toBe('/console/');
  });
});
