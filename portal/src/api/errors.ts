/** What the API refuses, as errors with its own codes. One place knows what a refusal looks like on the wire. */
import type { components } from './schema';

export type ErrorDetail = components['schemas']['ErrorDetail'];

interface Refusal {
  status: number;
  code: string;
  message: string;
  target?: string;
  details?: ErrorDetail[];
  retryAfterSeconds?: number;
  requestId?: string;
}

/** An answer that is not a success. `code` is what a caller decides on; `message` is the API's own English sentence. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  /** The field that is at fault, such as `products[0].skuId`. */
  readonly target: string | undefined;
  readonly details: readonly ErrorDetail[];
  readonly retryAfterSeconds: number | undefined;
  readonly requestId: string | undefined;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.name = new.target.name;
    this.status = refusal.status;
    this.code = refusal.code;
    this.target = refusal.target;
    this.details = refusal.details ?? [];
    this.retryAfterSeconds = refusal.retryAfterSeconds;
    this.requestId = refusal.requestId;
  }
}

/** 412: somebody else has changed the resource since it was read. */
export class StaleError extends ApiError {}

/** No answer at all, or none in time. Whether a change was made is not known. */
export class AwayError extends ApiError {
  constructor() {
    super({ status: 0, code: 'ServiceAway', message: 'The service does not answer.' });
  }
}

/** The sign-in has ended, and only the person can renew it. Nothing was sent. */
export class SignInEndedError extends ApiError {
  constructor() {
    super({ status: 0, code: 'SignInEnded', message: 'The sign-in has ended.' });
  }
}

/** The service cannot reach its storage. */
export const UNAVAILABLE = 503;
const PRECONDITION_FAILED = 412;

/** The error that an answer stands for. What does not look like the API's own (a gateway's page) gets its status as code. */
export function errorOf(response: Response, body: unknown): ApiError {
  const content = (body as { error?: Partial<Refusal> } | undefined)?.error;
  const retryAfter = Number(response.headers.get('Retry-After') ?? Number.NaN);
  const requestId = response.headers.get('x-ms-request-id');
  const refusal: Refusal = {
    status: response.status,
    code: content?.code ?? `Http${response.status.toString()}`,
    message: content?.message ?? `The service answered ${response.status.toString()}.`,
    ...(content?.target !== undefined && { target: content.target }),
    ...(content?.details !== undefined && { details: content.details }),
    ...(Number.isFinite(retryAfter) && { retryAfterSeconds: retryAfter }),
    ...(requestId !== null && { requestId }),
  };
  return response.status === PRECONDITION_FAILED ? new StaleError(refusal) : new ApiError(refusal);
}
