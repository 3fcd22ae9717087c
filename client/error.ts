// What a request that failed is: one class, whatever went wrong.
import type { Problem } from './schemas.ts';

/** Thrown by every function that asks a dreamlet; its message is made for people. */
export class DreamletError extends Error {
  /** Of the answer; 0 where none came. */
  readonly status: number;
  /** The problem document (RFC 9457), where the answer was one: `errors` names each parameter, its rule and its value. */
  readonly problem: Problem | undefined;
  /** Seconds after which it is worth another try, where the answer says so. */
  readonly retryAfter: number | undefined;

  constructor(
    message: string,
    { status = 0, problem, retryAfter, ...options }: ErrorOptions & Partial<DreamletError> = {},
  ) {
    super(message, options);
    this.name = 'DreamletError';
    this.status = status;
    this.problem = problem;
    this.retryAfter = retryAfter;
  }
}

/** The error that an answer says. */
export async function errorOf(response: Response): Promise<DreamletError> {
  const { status, headers } = response;
  const document = (await response.json().catch(() => undefined)) as Problem | undefined;
  const problem = typeof document?.detail === 'string' ? document : undefined;
  const seconds = Number(headers.get('Retry-After') ?? Number.NaN);
  return new DreamletError(problem?.detail ?? `the server answered ${status}`, {
    status,
    problem,
    retryAfter: Number.isFinite(seconds) ? seconds : undefined,
  });
}
