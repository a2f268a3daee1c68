// An OpenID provider, as small as one can be: a page asks who somebody is. Under another name than the node, so that for a
// browser it is another site.
import { createHash, createSign, generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';

export const CLIENT = 'stepstream-console';

const PEOPLE = {
  developer: { sub: 'grace', groups: ['developers'] },
  stranger: { sub: '<img src=x onerror="window.pwned=1">', groups: [] },
  guest: { sub: 'guest', groups: [] },
};

const text = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

export async function startProvider() {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const codes = new Map();
  const server = createServer(async (request, response) => {
    const issuer = `http://localhost:${server.address().port}`;
    const url = new URL(request.url, issuer);
    const json = (status, body) => response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        return json(200, { issuer, jwks_uri: `${issuer}/keys`, authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token` });
      case '/keys':
        return json(200, { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: '1', use: 'sig', alg: 'RS256' }] });
      case '/authorize': {
        const asked = url.searchParams;
        const back = (answer) => `${asked.get('redirect_uri')}?${new URLSearchParams({ state: asked.get('state'), ...answer })}`;
        const links = Object.entries(PEOPLE).map(([name, claims]) => {
          const code = randomBytes(16).toString('hex');
          codes.set(code, { claims, asked });
          return `<p><a href="${back({ code })}">${name}</a></p>`;
        });
        const page = `<!doctype html><html lang="en"><title>Provider</title><link rel="icon" href="data:,"><h1>Who are you?</h1>${links.join('')}<p><a href="${back({ error: 'access_denied' })}">cancel</a></p>`;
        return response.writeHead(200, { 'Content-Type': 'text/html' }).end(page.replaceAll('&', '&amp;'));
      }
      case '/token': {
        let body = '';
        for await (const chunk of request) {
          body += chunk;
        }
        const given = new URLSearchParams(body);
        const found = codes.get(given.get('code'));
        codes.delete(given.get('code'));
        const challenge = createHash('sha256').update(given.get('code_verifier') ?? '').digest('base64url');
        if (found?.asked.get('code_challenge') !== challenge || found.asked.get('redirect_uri') !== given.get('redirect_uri') || given.get('client_id') !== CLIENT) {
          return json(400, { error: 'invalid_grant' });
        }
        const now = Math.floor(Date.now() / 1000);
        const signed = `${text({ alg: 'RS256', kid: '1' })}.${text({ ...found.claims, iss: issuer, aud: CLIENT, iat: now, exp: now + 60, nonce: found.asked.get('nonce') })}`;
        return json(200, { access_token: 'x', token_type: 'Bearer', id_token: `${signed}.${createSign('RSA-SHA256').update(signed).sign(privateKey).toString('base64url')}` });
      }
      default:
        return json(404, {});
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    issuer: `http://localhost:${server.address().port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
