/** Firefox, spoken to in WebDriver BiDi, the protocol that it serves itself. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Engine, installed, killAll, type Tab } from './engine';
import { talk } from './talk';

type Contexts = { contexts: { context: string }[] };
type Evaluated = { type: string; result?: { value?: string }; exceptionDetails?: { text: string } };

/** Swedish first, and no word to anyone but the page's own server. */
const SETTINGS = {
  'intl.accept_languages': 'sv-SE, sv',
  'browser.shell.checkDefaultBrowser': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'app.normandy.enabled': false,
  'services.settings.server': '',
};

export const firefox: Engine = {
  name: 'Firefox',
  async start(profile) {
    const file = installed('Firefox', 'firefox-esr', process.env.FIREFOX, '/usr/bin/firefox-esr', '/usr/bin/firefox');
    mkdirSync(profile, { recursive: true });
    const lines = Object.entries(SETTINGS).map(
      ([name, is]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(is)});`,
    );
    writeFileSync(path.join(profile, 'user.js'), lines.join('\n'));
    const args = ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0', 'about:blank'];
    const browser = spawn(file, args, { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
    const bidi = await talk(`${await address(browser)}/session`);
    await bidi.ask('session.new', { capabilities: {} });
    const tree = (await bidi.ask('browsingContext.getTree')) as Contexts;
    return tabOf(browser, bidi, tree.contexts[0]?.context ?? '');
  },
};

function tabOf(browser: ChildProcess, bidi: Awaited<ReturnType<typeof talk>>, context: string): Tab {
  return {
    goto: async (url) => void (await bidi.ask('browsingContext.navigate', { context, url, wait: 'complete' })),
    async ask(expression) {
      const asked = { expression: `JSON.stringify(${expression})`, target: { context }, awaitPromise: false };
      const said = (await bidi.ask('script.evaluate', asked)) as Evaluated;
      if (said.type !== 'success') throw new Error(said.exceptionDetails?.text ?? said.type);
      return said.result?.value === undefined ? undefined : (JSON.parse(said.result.value) as unknown);
    },
    async kill() {
      await killAll(browser);
      bidi.hangUp();
    },
  };
}

/** Where it listens, which it says when it is ready. */
function address(browser: ChildProcess): Promise<string> {
  return new Promise((found, failed) => {
    let said = '';
    browser.once('exit', () => failed(new Error(`Firefox does not start: ${said}`)));
    browser.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const at = /WebDriver BiDi listening on (ws:\S+)/.exec(said);
      if (at?.[1]) found(at[1]);
    });
  });
}
