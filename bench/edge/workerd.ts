// `workerd serve`: the runtime of Cloudflare Workers alone, without the development proxy, on bundles wrangler made.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { unstable_readConfig } from 'wrangler';

export type Workerd = {
  /** Address of each worker, by its name: `http://127.0.0.1:<port>`. */
  urls: Record<string, string>;
  /** Where its inspector listens, if it has one: `127.0.0.1:<port>`. */
  inspector?: string;
  /** Milliseconds from the start of the process until the first worker's port takes connections, its modules evaluated. */
  startMilliseconds: number;
  /** Resident memory of the process in MB. */
  memory(): number;
  /** The most resident memory in MB since the last call that asked to begin anew; Linux only. */
  peakMemory(anew?: boolean): number;
  /** Processor time of the process in milliseconds; Linux only. */
  processorTime(): number;
  stop(): Promise<void>;
};

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === 'string') throw new Error('workerd: no port is free');
  return address.port;
}

const takesConnections = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const socket = createConnection({ host: '127.0.0.1', port });
    socket.on('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.on('error', () => done(false));
  });

/** Bundles `entry` as a deployment would; returns the Cap'n Proto list of its modules, for a file in `folder`. */
function bundle(folder: string, name: string, entry: string, assets: string): string {
  const wrangler = [
    'node_modules/wrangler/bin/wrangler.js',
    'deploy',
    entry,
    '--dry-run',
    '--assets',
    assets,
  ];
  execFileSync(process.execPath, [...wrangler, '--outdir', join(folder, name)], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, WRANGLER_HIDE_BANNER: 'true', WRANGLER_LOG: 'error' },
  });
  // The entry comes first, under the name of its source; wasm modules are imported as `./<hash>-<file>.wasm`.
  const files = readdirSync(join(folder, name)).filter((file) => /\.(js|wasm)$/.test(file));
  return files
    .toSorted((a) => (a.endsWith('.js') ? -1 : 1))
    .map((file) => {
      const kind = file.endsWith('.js') ? 'esModule' : 'wasm';
      return `(name = "${file}", ${kind} = embed "${name}/${file}")`;
    })
    .join(', ');
}

/**
 * Starts one workerd that serves every worker of `entries` (name → source file), each with ASSETS = `assets`. With
 * `heapMegabytes` V8 is given that much for its heap, and there is an inspector.
 */
export async function startWorkerd(
  entries: Record<string, string>,
  assets: string,
  heapMegabytes?: number,
): Promise<Workerd> {
  const { compatibility_date: date } = unstable_readConfig({ config: 'wrangler.toml' });
  const folder = mkdtempSync(join(tmpdir(), 'dreamlet-bench-'));
  const workers = await Promise.all(
    Object.entries(entries).map(async ([name, entry]) => ({
      name,
      port: await freePort(),
      modules: bundle(folder, name, entry, assets),
    })),
  );
  const services = workers.map(
    ({ name, modules }) => `(name = "${name}", worker = (modules = [${modules}],
      compatibilityDate = "${date}", bindings = [(name = "ASSETS", service = "assets")]))`,
  );
  const sockets = workers.map(
    ({ name, port }) => `(name = "${name}", address = "127.0.0.1:${port}", http = (), service = "${name}")`,
  );
  const inspector = heapMegabytes && `127.0.0.1:${await freePort()}`;
  const flags = heapMegabytes ? `, v8Flags = ["--max-heap-size=${heapMegabytes}"]` : '';
  writeFileSync(
    join(folder, 'config.capnp'),
    `using Workerd = import "/workerd/workerd.capnp";
    const config :Workerd.Config = (
      services = [${services.join(', ')}, (name = "assets", disk = (path = "${resolve(assets)}"))],
      sockets = [${sockets.join(', ')}]${flags}
    );`,
  );

  const binary: string = createRequire(import.meta.url)('workerd').default;
  const start = performance.now();
  const listen = inspector ? [`--inspector-addr=${inspector}`] : [];
  const child = spawn(binary, ['serve', ...listen, join(folder, 'config.capnp')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exited = new Promise<void>((done) => child.on('exit', () => done()));
  const stop = async () => {
    child.kill('SIGKILL');
    await exited;
    rmSync(folder, { recursive: true, force: true });
  };
  const urls = Object.fromEntries(workers.map(({ name, port }) => [name, `http://127.0.0.1:${port}`]));
  // A connection alone: the first request is for those to measure who ask for it.
  while (!(await takesConnections(workers[0]!.port))) {
    if (child.exitCode !== null || performance.now() - start > 20_000) {
      await stop();
      throw new Error(`workerd: must answer within 20 s, exit code ${child.exitCode}`);
    }
    await new Promise((done) => setTimeout(done, 5));
  }
  return {
    urls,
    ...(inspector ? { inspector } : {}),
    startMilliseconds: performance.now() - start,
    memory: () => Number(execFileSync('ps', ['-o', 'rss=', '-p', `${child.pid}`])) / 1000,
    peakMemory(anew = false) {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      if (anew) writeFileSync(`/proc/${child.pid}/clear_refs`, '5');
      return Number(/VmHWM:\s*(\d+)/.exec(status)![1]) / 1000;
    },
    processorTime() {
      // Of each thread that lives, nanoseconds on a processor; workerd keeps its threads.
      const tasks = `/proc/${child.pid}/task`;
      const of = (task: string) => Number(readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ')[0]);
      return readdirSync(tasks).reduce((sum, task) => sum + of(task) / 1e6, 0);
    },
    stop,
  };
}

/** Resident memory in MB of a workerd that serves the least that Hono can: what the process takes, whoever is served. */
export async function baseMemory(): Promise<number> {
  const { urls, memory, stop } = await startWorkerd({ hello: 'bench/edge/hello.ts' }, 'dist');
  try {
    await (await fetch(`${urls.hello}/`)).text();
    return memory();
  } finally {
    await stop();
  }
}
