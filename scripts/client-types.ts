// The types of the client, from the OpenAPI document of the app: client/schemas.ts, queries.ts, routes.ts.
import { execFileSync } from 'node:child_process';
import { createNodeApp } from '../worker/node.ts';

type Schema = {
  $ref?: string;
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  items?: Schema;
  prefixItems?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  description?: string;
};
type Content = Record<string, { schema: Schema }>;
type Parameter = { name: string; in: string; schema: Schema };
type Operation = {
  summary: string;
  parameters?: Parameter[];
  requestBody?: { content: Content };
  responses: Record<string, { content?: Content }>;
};
export type Document = {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
};

const nameOf = ($ref: string): string => $ref.split('/').at(-1)!;
const joined = (schemas: Schema[], by: string): string => schemas.map((one) => typeOf(one)).join(` ${by} `);
const said = ({ description }: Schema): string => (description ? `/** ${description} */\n` : '');

function objectOf({ properties = {}, required = [], additionalProperties }: Schema): string {
  const members = Object.entries(properties).map(
    ([name, schema]) =>
      `${said(schema)}${name}${required.includes(name) ? '' : '?'}: ${typeOf(schema)}${required.includes(name) ? '' : ' | undefined'}`,
  );
  if (members.length > 0) return `{\n${members.join(';\n')} }`;
  const values = typeof additionalProperties === 'object' ? typeOf(additionalProperties) : 'unknown';
  return `Record<string, ${values}>`;
}

/** The TypeScript type of a schema. @throws Error naming a schema of a kind that none of the app is. */
export function typeOf(schema: Schema): string {
  if (schema.$ref) return nameOf(schema.$ref);
  if (schema.allOf) return joined(schema.allOf, '&');
  const options = schema.anyOf ?? schema.oneOf;
  if (options) return joined(options, '|');
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if ('const' in schema) return JSON.stringify(schema.const);
  if (Array.isArray(schema.type))
    return joined(
      schema.type.map((type) => ({ ...schema, type })),
      '|',
    );
  switch (schema.type) {
    case 'string':
    case 'boolean':
      return schema.type;
    case 'integer':
    case 'number':
      return 'number';
    case 'array':
      if (schema.prefixItems) return `[${schema.prefixItems.map(typeOf).join(', ')}]`;
      return `(${typeOf(schema.items!)})[]`;
    case 'object':
      return objectOf(schema);
    case undefined:
      return 'unknown';
    default:
      throw new Error(`client-types: no type for the schema ${JSON.stringify(schema)}`);
  }
}

const JSON_TYPE = 'application/json';
const HEAD = '// Written by `npm run build:client` from the OpenAPI document; changes here are lost.';
/** Parameters of so many routes are described once. */
const SHARED_BY = 3;

/** Routes with what stands after each: the type of a part of its operations, where it has that part. */
function byRoute(document: Document, part: (operation: Operation) => string | undefined): string {
  const lines = Object.entries(document.paths).flatMap(([path, methods]) =>
    // The address with a file says the same as the one with parameters.
    path.endsWith('/{file}') && path.replace('/{file}', '') in document.paths
      ? []
      : Object.values(methods).flatMap((operation) => {
          const type = part(operation);
          return type === undefined ? [] : [`/** ${operation.summary} */\n'${path}': ${type};\n`];
        }),
  );
  return `{ ${lines.join('')} }`;
}

const memberOf = ({ name, schema }: Parameter): string =>
  `/** ${schema.description ?? ''} */\n${name}?: ${typeOf(schema)} | undefined;\n`;

const inQuery = ({ parameters = [] }: Operation): Parameter[] =>
  parameters.filter((one) => one.in === 'query');

function queriesOf(document: Document): string {
  const all = Object.values(document.paths).flatMap((methods) => Object.values(methods).flatMap(inQuery));
  const timesOf = (member: string) => all.filter((one) => memberOf(one) === member).length;
  const shared = new Map(
    all.filter((one) => timesOf(memberOf(one)) >= SHARED_BY).map((one) => [one.name, memberOf(one)]),
  );
  const queries = byRoute(document, (operation) => {
    const given = inQuery(operation);
    const common = given.filter((one) => shared.get(one.name) === memberOf(one));
    const own = given.filter((one) => !common.includes(one)).map(memberOf);
    if (given.length === 0) return undefined;
    const picked = common.map(({ name }) => `'${name}'`).join(' | ');
    return [picked && `Pick<Common, ${picked}>`, own.length > 0 && `{\n${own.join('')} }`]
      .filter(Boolean)
      .join(' & ');
  });
  return `type Common = {\n${[...shared.values()].join('')} };

/** Parameters of each route. */
export type Queries = ${queries};
`;
}

const jsonOf = (content: Content = {}): string | undefined =>
  content[JSON_TYPE] && typeOf(content[JSON_TYPE].schema);

/** As the rest of the repository is formatted. */
const formatted = (name: string, text: string): string =>
  execFileSync('node_modules/.bin/biome', ['format', `--stdin-file-path=client/${name}`], {
    input: `${HEAD}\n\n${text}`,
    encoding: 'utf8',
  });

/** The files of the client that follow from the document, by name. */
export function clientTypes(document: Document): Record<string, string> {
  const { schemas } = document.components;
  const types = Object.entries(schemas).map(([name, schema]) => [name, typeOf(schema)] as const);
  // What is in another one whole is called by its name.
  const declarations = types.map(([name, type]) => {
    const inner = types.find(([other, text]) => other !== name && text.includes('\n') && type.includes(text));
    return `export type ${name} = ${inner ? type.replaceAll(inner[1], inner[0]) : type};\n`;
  });
  const routes = `
/** What each route answers in JSON. */
export type Answers = ${byRoute(document, ({ responses }) => jsonOf(responses['200']?.content))};

/** What each route takes in JSON. */
export type Bodies = ${byRoute(document, ({ requestBody }) => jsonOf(requestBody?.content))};
`;
  const named = Object.keys(schemas)
    .filter((name) => new RegExp(`\\b${name}\\b`).test(routes))
    .toSorted();
  const files = {
    'schemas.ts': declarations.join('\n'),
    'queries.ts': queriesOf(document),
    'routes.ts': `import type { ${named.join(', ')} } from './schemas.ts';\n${routes}`,
  };
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [name, formatted(name, text)]));
}

/** The document of this app, as a client gets it. */
export async function appDocument(): Promise<Document> {
  return (await (await createNodeApp('models').request('/openapi.json')).json()) as Document;
}
