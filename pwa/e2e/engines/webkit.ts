/**
 * WebKitGTK's MiniBrowser, spoken to as its web inspector does. Its automation mode would be the plainer way, but keeps nothing on
 * disk, so that a killed browser would have lost everything whatever the app did.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { freePort } from '../server';
import { type Engine, installed, killAll, type Tab, until } from './engine';
import { talk } from './talk';

type Target = { targetInfo: { targetId: string; isProvisional?: boolean } };
type Evaluated = { result: { value?: string; description?: string }; wasThrown?: boolean };

const FOLDERS = ['webkit2gtk-4.1', 'webkitgtk-6.0', 'webkit2gtk-4.0'];
const LIB = '/usr/lib/x86_64-linux-gnu';

export const webkit: Engine = {
  name: 'WebKit',
  async start(profile) {
    const known = FOLDERS.map((folder) => path.join(LIB, folder, 'MiniBrowser'));
    const file = installed('WebKitGTK MiniBrowser', 'webkit2gtk-driver', process.env.MINIBROWSER, ...known);
    installed('Xvfb', 'xvfb xauth', '/usr/bin/xvfb-run');
    mkdirSync(profile, { recursive: true });
    const inspector = `127.0.0.1:${await freePort()}`;
    const env = {
      ...process.env,
      LANGUAGE: 'sv',
      XDG_DATA_HOME: path.join(profile, 'data'),
      XDG_CACHE_HOME: path.join(profile, 'cache'),
      WEBKIT_INSPECTOR_HTTP_SERVER: inspector,
      WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1', // bubblewrap wants namespaces that a container may not make
      LIBGL_ALWAYS_SOFTWARE: '1',
    };
    const args = ['-a', file, '--enable-developer-extras=true', 'about:blank'];
    const browser = spawn('xvfb-run', args, { detached: true, stdio: 'ignore', env });
    const where = await until(() => socketOf(inspector), 'WebKit lists its page');
    return tabOf(browser, await inspect(`ws://${inspector}${where}`));
  },
};

/** The address of the page's inspector, from the list that the browser serves to people. */
async function socketOf(inspector: string): Promise<string | undefined> {
  const list = await (await fetch(`http://${inspector}/`)).text();
  return /\/socket\/\d+\/\d+\/WebPage/.exec(list)?.[0];
}

/** The page's process changes when it goes elsewhere, and with it whom to ask. */
async function inspect(url: string): Promise<(method: string, params: object) => Promise<unknown>> {
  let target = '';
  let number = 0;
  const waiting = new Map<number, (result: unknown) => void>();
  const socket = await talk(url, (method, params: Target & { newTargetId: string; message: string }) => {
    if (method === 'Target.targetCreated' && !params.targetInfo.isProvisional) target = params.targetInfo.targetId;
    if (method === 'Target.didCommitProvisionalTarget') target = params.newTargetId;
    if (method !== 'Target.dispatchMessageFromTarget') return;
    const { id, result } = JSON.parse(params.message) as { id?: number; result?: unknown };
    if (id !== undefined) waiting.get(id)?.(result);
  });
  await until(async () => target, 'WebKit has a page');
  return async (method, params) => {
    const id = ++number;
    const answer = new Promise<unknown>((done) => waiting.set(id, done));
    const message = JSON.stringify({ id, method, params });
    await socket.ask('Target.sendMessageToTarget', { targetId: target, message });
    const late = new Promise<never>((_, failed) =>
      setTimeout(() => failed(new Error('the page is gone')), 3000).unref(),
    );
    return Promise.race([answer, late]).finally(() => waiting.delete(id));
  };
}

function tabOf(browser: ChildProcess, inspector: (method: string, params: object) => Promise<unknown>): Tab {
  const ask = async (expression: string): Promise<unknown> => {
    const asked = { expression: `JSON.stringify(${expression})`, returnByValue: true };
    const said = (await inspector('Runtime.evaluate', asked)) as Evaluated;
    if (said.wasThrown) throw new Error(said.result.description);
    return said.result.value === undefined ? undefined : (JSON.parse(said.result.value) as unknown);
  };
  return {
    ask,
    async goto(url) {
      await ask(`void (location.href = ${JSON.stringify(url)})`);
      await until(() => ask(`location.href !== 'about:blank' && document.readyState === 'complete'`), url);
    },
    kill: () => killAll(browser),
  };
}
