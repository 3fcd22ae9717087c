// A request as a person would write it: for a shell, and in JavaScript.
import type { Example } from './examples.ts';

const FILE = {
  picture: ['image/png', 'picture.png'],
  code: ['application/octet-stream', 'picture.code'],
} as const;

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** `method` as in `POST`; `address` with its origin. */
export function curlOf(method: string, address: string, { body, answer }: Example): string {
  const words = ['curl', ...(method === 'GET' ? [] : ['-X', method]), quoted(address)];
  if (body === 'picture' || body === 'code') {
    const [type, file] = FILE[body];
    words.push(`-H 'Content-Type: ${type}'`, `--data-binary @${file}`);
  } else if (body)
    words.push("-H 'Content-Type: application/json'", `-d ${quoted(JSON.stringify(body.json))}`);
  if (answer === 'picture' || answer === 'bytes') {
    const [, ending = answer === 'picture' ? 'png' : 'bin'] = new URL(address).pathname.split('.');
    words.push(`-o answer.${ending}`);
  }
  return words.join(' ');
}

const READ = {
  picture: 'const picture = await response.blob();',
  bytes: 'const bytes = await response.arrayBuffer();',
  json: 'const answer = await response.json();',
  page: 'const page = await response.text();',
} as const;

export function scriptOf(method: string, address: string, { body, answer }: Example): string {
  const options: string[] = [];
  if (method !== 'GET') options.push(`method: '${method}'`);
  if (body === 'picture') options.push('body: file', "headers: { 'Content-Type': file.type }");
  else if (body === 'code') options.push('body: code', `headers: { 'Content-Type': '${FILE.code[0]}' }`);
  else if (body)
    options.push(
      `body: JSON.stringify(${JSON.stringify(body.json)})`,
      "headers: { 'Content-Type': 'application/json' }",
    );
  const said = options.length > 0 ? `, {\n  ${options.join(',\n  ')},\n}` : '';
  return `const response = await fetch(${JSON.stringify(address)}${said});\nif (!response.ok) throw new Error((await response.json()).detail);\n${READ[answer]}`;
}
