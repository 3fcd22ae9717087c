// `npm run audit`: known weaknesses of what is deployed, as the registry knows them. A registry that does not answer is
// said to be so, and fails nothing.
import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';

type Answer = { metadata?: { vulnerabilities?: Record<string, number> } };

/** What a line says of an answer of `npm audit --json`, and whether it is reason to stop. */
export function judge(answer: string): { line: string; bad: boolean } {
  let counts: Record<string, number> | undefined;
  try {
    counts = (JSON.parse(answer) as Answer).metadata?.vulnerabilities;
  } catch {
    // Said below.
  }
  if (!counts) return { line: 'audit: NOT DONE: the registry does not answer to npm audit here', bad: false };
  const { high = 0, critical = 0, total = 0 } = counts;
  const found = `audit: ${total} known weaknesses in what is deployed, ${high + critical} of them high or critical`;
  return { line: found, bad: high + critical > 0 };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json'], {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  const { line, bad } = judge(stdout ?? '');
  console.log(bad ? `${line}; npm audit --omit=dev names them` : line);
  process.exitCode = bad ? 1 : 0;
}
