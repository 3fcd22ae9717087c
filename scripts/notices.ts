// `npm run notices`: whose work goes up with a deployment, and under which licences; `npm run build` puts the same text
// into dist/licences.txt. Everything that a dependency of package.json leads to, without what is for developing alone.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

type Locked = {
  packages: Record<string, { version?: string; license?: string; dev?: boolean; optional?: boolean }>;
};
export type Notice = { name: string; version: string; licence: string; text?: string };

const LICENCE_FILE = /^(licen[cs]e|copying)(\.(md|txt))?$/i;

/** Of each package that is installed, by name. @throws Error naming one that states no licence. */
export function readNotices(root = '.'): Notice[] {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Locked;
  return Object.entries(packages).flatMap(([path, { version, license, dev, optional }]): Notice[] => {
    const folder = join(root, path);
    // Builds for other platforms are not here.
    if (path === '' || dev || (optional && !existsSync(folder))) return [];
    const name = path.replace(/^.*node_modules\//, '');
    const file = existsSync(folder) && readdirSync(folder).find((one) => LICENCE_FILE.test(one));
    if (!license) throw new Error(`notices: ${name}@${version} states no licence`);
    return [
      {
        name,
        version: version!,
        licence: license,
        ...(file ? { text: readFileSync(join(folder, file), 'utf8').trim() } : {}),
      },
    ];
  });
}

/** One text; licences that are the same word for word stand there once, under all their packages. */
export function noticesText(notices: readonly Notice[]): string {
  const byText = new Map<string, Notice[]>();
  for (const notice of notices) {
    const text = notice.text ?? `${notice.licence}; the package holds no text of it.`;
    byText.set(text, [...(byText.get(text) ?? []), notice]);
  }
  const parts = [...byText].map(
    ([text, of]) =>
      `${of.map(({ name, version, licence }) => `${name} ${version} (${licence})`).join('\n')}\n\n${text}\n`,
  );
  return `dreamlet stands on the work of others:\n\n${parts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  process.stdout.write(noticesText(readNotices()));
