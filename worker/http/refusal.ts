// What a schema refuses, in words that a person can act on: which parameter, which rule, which value.
import type * as z from 'zod';
import { nearest } from '../../core/nearest.ts';
import { type ParameterError, Problem } from './problem.ts';

const UNITS: Record<string, string> = { string: 'characters', array: 'elements' };

/** The rule that an issue is about, for the schemas that state none of their own. */
export function ruleOf(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'is missing';
      if (Array.isArray(issue.input) && issue.expected === 'string') return 'must be given once';
      return `must be ${/^[aio]/.test(issue.expected) ? 'an' : 'a'} ${issue.expected === 'int' ? 'whole number' : issue.expected}`;
    case 'too_big':
      return UNITS[issue.origin]
        ? `must have at most ${issue.maximum} ${UNITS[issue.origin]}`
        : `must be at most ${issue.maximum}`;
    case 'too_small':
      return UNITS[issue.origin]
        ? `must have at least ${issue.minimum} ${UNITS[issue.origin]}`
        : `must be at least ${issue.minimum}`;
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.join(', ')}`;
    case 'invalid_format':
      return issue.format === 'url' ? 'must be an address' : 'must be of the form that the reference shows';
    case 'custom':
      return undefined;
    default:
      return 'must be of the form that the reference shows';
  }
}

/** What stands at `path`. */
const valueAt = (whole: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (at, key) =>
      typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined,
    whole,
  );

/**
 * `given` is what was refused, `detail` says so (default: the first error); `prefix` stands before every name: `body`. `known` are the names that there are,
 * `elsewhere` the route that has a name which is not among them.
 */
export function refusal(
  { issues }: z.ZodError,
  given: unknown,
  {
    detail,
    prefix = [],
    known = [],
    elsewhere,
  }: {
    detail?: string;
    prefix?: readonly string[];
    known?: readonly string[];
    elsewhere?: (name: string) => string | undefined;
  } = {},
): Problem {
  const errors = issues.flatMap((issue): ParameterError[] => {
    if (issue.code !== 'unrecognized_keys')
      return [
        {
          parameter: [...prefix, ...issue.path].join('.'),
          rule: issue.message,
          value: valueAt(given, issue.path),
        },
      ];
    return issue.keys.map((key) => {
      const other = elsewhere?.(key);
      const meant = other ? undefined : nearest(key, known);
      const hint = other ? `, but of ${other}` : meant ? `; did you mean ${meant}?` : '';
      const rule = `is not a parameter of this route${hint}`;
      return {
        parameter: [...prefix, ...issue.path, key].join('.'),
        rule,
        value: valueAt(given, [...issue.path, key]),
      };
    });
  });
  return new Problem(400, detail ?? `${errors[0]!.parameter}: ${errors[0]!.rule}`, errors);
}
