// @ts-check
/**
 * The last steps of the build: what the field app needs without a network goes into its service worker,
 * and everything is compressed beforehand, so that the server only hands out files.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { build } from 'vite';

/**
 * One chunk of the build: `imports` load with it, `dynamic` when they are asked for.
 * @typedef {{ imports: string[], dynamic: string[], css: string[], assets: string[], modules: string[] }} Chunk
 * @typedef {Record<string, Chunk>} Graph
 */

/** Where the build leaves its graph for size.mjs; beside dist, because the server embeds all of dist. */
export const GRAPH = '.build/graph.json';

const FIELD_PAGE = 'app/index.html';
const WORTH_COMPRESSING = /\.(html|js|css|svg|json|webmanifest|txt)$/;
const WORTH_COMPRESSING_FROM = 1024;

/**
 * All chunks that can be reached from one: those it loads at once and, if asked, those it may load later.
 * @param {Graph} graph
 * @param {string} from
 * @param {{ later: boolean }} how
 */
export function reach(graph, from, { later }) {
  /** @type {Set<string>} */
  const seen = new Set();
  const queue = [from];
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    const chunk = graph[file];
    if (!chunk || seen.has(file)) continue;
    seen.add(file);
    queue.push(...chunk.imports, ...(later ? chunk.dynamic : []));
  }
  return [...seen];
}

/**
 * The files a page names itself: its scripts, preloads and style sheets, as paths below dist.
 * @param {string} html
 */
export function namedBy(html) {
  return [...html.matchAll(/<(?:script|link)\b[^>]*?\b(?:src|href)="\/(assets\/[^"]+)"/g)].map((m) => m[1] ?? '');
}

/** @param {string} dir @returns {Promise<string[]>} paths relative to dir, sorted */
async function filesBelow(dir) {
  const found = await readdir(dir, { recursive: true, withFileTypes: true });
  return found
    .filter((f) => f.isFile())
    .map((f) => path.relative(dir, path.join(f.parentPath, f.name)).split(path.sep).join('/'))
    .sort();
}

/** @param {Uint8Array | string} bytes */
const digest = (bytes) => createHash('sha256').update(bytes).digest('hex').slice(0, 16);

/**
 * What the worker keeps: the page itself, every chunk, style and asset that can be reached from it, and what
 * lies in public/app (manifest and icons). Each with the hash of its content; the version is the hash of all.
 * @param {string} dist
 * @param {Graph} graph
 */
async function precache(dist, graph) {
  const html = await readFile(path.join(dist, FIELD_PAGE), 'utf8');
  const named = namedBy(html);
  const files = new Set(named);
  for (const entry of named) {
    for (const file of reach(graph, entry, { later: true })) {
      files.add(file);
      graph[file]?.css.forEach((f) => files.add(f));
      graph[file]?.assets.forEach((f) => files.add(f));
    }
  }
  const beside = (await filesBelow(path.join(dist, 'app'))).filter((f) => f !== 'index.html' && f !== 'sw.js');
  beside.forEach((f) => files.add(`app/${f}`));
  files.add('icon.svg');

  const list = [{ url: '/app/', hash: digest(html) }];
  for (const file of [...files].sort()) {
    list.push({ url: `/${file}`, hash: digest(await readFile(path.join(dist, file))) });
  }
  return { list, version: digest(JSON.stringify(list)) };
}

/**
 * The worker is one classic script with a fixed name: the browser compares its bytes to find a new version, so
 * the name may not change and nothing may be split off from it.
 * @param {string} root
 * @param {string} dist
 * @param {{ list: { url: string, hash: string }[], version: string }} what
 */
async function buildWorker(root, dist, what) {
  await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    define: { __PRECACHE__: JSON.stringify(what.list), __APP_VERSION__: JSON.stringify(what.version) },
    build: {
      outDir: path.join(dist, 'app'),
      emptyOutDir: false,
      rolldownOptions: {
        input: path.join(root, 'src/sw/sw.ts'),
        output: { format: 'iife', entryFileNames: 'sw.js', codeSplitting: false },
      },
    },
  });
  const worker = await readFile(path.join(dist, 'app/sw.js'), 'utf8');
  // A name that was not replaced throws while the worker installs, and no page would ever show it.
  if (/__(PRECACHE|APP_VERSION)__/.test(worker))
    throw new Error('sw.js still holds a name that the build should replace');
  if (!worker.includes(what.version))
    throw new Error('sw.js does not use APP_VERSION: phones would never see a new version');
}

/** @param {string} dist */
async function precompress(dist) {
  const pack = [
    /** @type {const} */ (['.gz', (/** @type {Buffer} */ b) => promisify(gzip)(b, { level: 9 })]),
    /** @type {const} */ ([
      '.br',
      (/** @type {Buffer} */ b) => promisify(brotliCompress)(b, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
    ]),
  ];
  for (const file of await filesBelow(dist)) {
    if (!WORTH_COMPRESSING.test(file)) continue;
    const bytes = await readFile(path.join(dist, file));
    if (bytes.length <= WORTH_COMPRESSING_FROM) continue;
    for (const [ending, squeeze] of pack) {
      const small = await squeeze(bytes);
      if (small.length < bytes.length) await writeFile(path.join(dist, file + ending), small);
    }
  }
}

/** @param {string} dist */
async function emptyButKeep(dist) {
  await mkdir(dist, { recursive: true });
  for (const name of await readdir(dist)) {
    if (name !== '.gitkeep') await rm(path.join(dist, name), { recursive: true });
  }
}

/**
 * The Vite plugin. It empties dist itself, because .gitkeep has to stay there for pwa/embed.go to compile, and has the
 * other pages built before.
 * @param {import('vite').InlineConfig[]} others
 * @returns {import('vite').Plugin}
 */
export function fieldApp(others) {
  let root = '';
  let dist = '';
  return {
    name: 'field-app',
    apply: 'build',
    configResolved(config) {
      root = config.root;
      dist = path.resolve(config.root, config.build.outDir);
    },
    async buildStart() {
      await emptyButKeep(dist);
      for (const other of others) await build(other);
    },
    writeBundle: {
      order: 'post',
      sequential: true,
      async handler(_options, bundle) {
        /** @type {Graph} */
        const graph = {};
        for (const out of Object.values(bundle)) {
          if (out.type !== 'chunk') continue;
          graph[out.fileName] = {
            imports: out.imports,
            dynamic: out.dynamicImports,
            css: [...(out.viteMetadata?.importedCss ?? [])],
            assets: [...(out.viteMetadata?.importedAssets ?? [])],
            modules: out.moduleIds.map((id) => path.relative(root, id.split('?')[0] ?? id)).sort(),
          };
        }
        await mkdir(path.join(root, path.dirname(GRAPH)), { recursive: true });
        await writeFile(path.join(root, GRAPH), JSON.stringify(graph, null, 2));

        await buildWorker(root, dist, await precache(dist, graph));
        await precompress(dist);
      },
    },
  };
}

/**
 * The same answer as the server's for addresses inside the two apps, while developing: their page.
 * @returns {import('vite').Plugin}
 */
export function pagesOfTheApps() {
  return {
    name: 'pages-of-the-apps',
    apply: 'serve',
    configureServer(server) {
      server.middlewares.use((req, _res, next) => {
        const app = /^\/(app|desk)(\/[^.?]*)?(\?.*)?$/.exec(req.url ?? '');
        if (app && req.headers.accept?.includes('text/html')) req.url = `/${app[1]}/index.html${app[3] ?? ''}`;
        next();
      });
    },
  };
}
