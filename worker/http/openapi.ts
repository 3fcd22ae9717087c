// The OpenAPI 3.1 document, from the schemas that validate.
import * as z from 'zod';
import { type AnswerName, CONTRACT } from './contract.ts';
import { type Answers, type Body, PROBLEMS } from './responses.ts';
import type { Route } from './route.ts';

export type Parameter = {
  name: string;
  in: 'path' | 'query';
  required: boolean;
  description?: string;
  schema: JsonSchema;
};
export type JsonSchema = { [keyword: string]: unknown; description?: string };
type Content = Record<string, { schema: JsonSchema }>;
export type Operation = {
  summary: string;
  parameters?: Parameter[];
  requestBody?: { required: boolean; content: Content };
  responses: Record<string, { description: string; content?: Content }>;
};
/** What the service is; `info` of the document. */
export type Info = { title: string; version: string; description: string; license: object };
export type OpenApiDocument = {
  openapi: '3.1.0';
  info: Info;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, JsonSchema> };
};

const BYTES: JsonSchema = { type: 'string', format: 'binary' };

/** As what comes in: what is filled in by a default may be absent. */
function jsonOf(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override({ zodSchema, jsonSchema: one }) {
      // What is said beside a schema holds where the schema becomes another type, too.
      Object.assign(one, z.globalRegistry.get(zodSchema));
      // The bounds of safe integers say nothing.
      if (one.minimum === Number.MIN_SAFE_INTEGER) delete one.minimum;
      if (one.maximum === Number.MAX_SAFE_INTEGER) delete one.maximum;
    },
  }) as JsonSchema;
  return json;
}

const parametersOf = (place: Parameter['in'], schema: z.ZodObject | undefined): Parameter[] =>
  Object.entries(schema?.shape ?? {}).map(([name, one]) => {
    const json = jsonOf(one as z.ZodType);
    const required = !(one as z.ZodType).safeParse(undefined).success;
    const { description } = json;
    return { name, in: place, required, ...(description ? { description } : {}), schema: json };
  });

/** The document of `routes`, in their order; `info` names the service. */
export function documentOf(routes: readonly Route[], info: Info): OpenApiDocument {
  const schemas: Record<string, JsonSchema> = {};
  const refer = (name: string, schema: z.ZodType): { schema: JsonSchema } => {
    schemas[name] ??= jsonOf(schema);
    return { schema: { $ref: `#/components/schemas/${name}` } };
  };
  const contentOf = <T>(
    content: Readonly<Record<string, T | null>>,
    named: (one: T) => Content[string],
  ): Content =>
    Object.fromEntries(
      Object.entries(content).map(([type, one]) => [type, one === null ? { schema: BYTES } : named(one)]),
    );
  const answer = (name: AnswerName) => refer(name, CONTRACT[name]);
  const responsesOf = ({ description, content, problems, redirect }: Answers): Operation['responses'] => ({
    200: { description, content: contentOf(content, answer) },
    ...(redirect ? { 302: { description: redirect } } : {}),
    ...Object.fromEntries(
      problems.map((status) => [
        status,
        {
          description: PROBLEMS[status],
          content: contentOf({ 'application/problem+json': 'Problem' as const }, answer),
        },
      ]),
    ),
  });
  const bodyOf = ({ required, content }: Body): NonNullable<Operation['requestBody']> => ({
    required,
    content: contentOf(content, ([name, schema]) => refer(name, schema)),
  });

  const paths: OpenApiDocument['paths'] = {};
  for (const { method, path, summary, request, body, responses } of routes) {
    const parameters = [...parametersOf('path', request.params), ...parametersOf('query', request.query)];
    paths[path] = {
      ...paths[path],
      [method]: {
        summary,
        ...(parameters.length > 0 ? { parameters } : {}),
        ...(body ? { requestBody: bodyOf(body) } : {}),
        responses: responsesOf(responses),
      },
    };
  }
  return { openapi: '3.1.0', info, paths, components: { schemas } };
}
