// What a route says of its bodies and answers: plain data, from which the OpenAPI document is made when it is asked for.
import type * as z from 'zod';
import type { AnswerName } from './contract.ts';

/** Media types of a body, with a name and a schema for JSON, `null` for bytes. Routes read bodies byte by byte. */
export type Body = {
  required: boolean;
  content: Readonly<Record<string, readonly [name: string, schema: z.ZodType] | null>>;
};

export const PROBLEMS = {
  400: 'A parameter or the body breaks a rule; `errors` names it, the rule and the value',
  404: 'There is no such model; the detail lists those that exist',
  413: 'The body is larger than 256 KiB, or a photograph than 2 MiB',
  415: 'The body is of a type that this route does not take',
  422: 'The model cannot do this; the detail says which can, or how much fits into one request',
  408: 'The body took too long to come',
  429: 'Too many requests from this address; see Retry-After',
  501: 'Not implemented',
  503: 'The model is being published, or there is no room at the moment; see Retry-After',
} as const;
export type ProblemCode = keyof typeof PROBLEMS;

/** Those of a route that takes a body and runs a model. */
export const BODY_PROBLEMS = [400, 404, 408, 413, 415, 422, 429, 503] as const;

export type Answers = {
  description: string;
  /** Media types, with the name of a schema for JSON, `null` for bytes. */
  content: Readonly<Record<string, AnswerName | null>>;
  problems: readonly ProblemCode[];
  /** What a redirect is for, of a route that answers with one. */
  redirect?: string | undefined;
};

export const answers = (
  description: string,
  content: Answers['content'],
  problems: Answers['problems'],
  redirect?: string,
): Answers => ({ description, content, problems, redirect });
