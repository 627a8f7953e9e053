/** The one client of the API: typed by its own document, with a token on every call and refusals as errors. */
import createClient, { type Client } from 'openapi-fetch';
import { AwayError, errorOf, SignInEndedError, UNAVAILABLE } from './errors';
import type { components, paths } from './schema';
import type { Service } from './service';

export type Api = Client<paths>;
export type Schemas = components['schemas'];

/** The API's own longest wait is some seconds; after this, no answer will come. */
export const ANSWER_MILLISECONDS = 20_000;
/** A file may have 100,000 rows. Azure's own limit for an answer over HTTP is 230 seconds. */
export const FILE_MILLISECONDS = 240_000;
export const FILE_TYPE = 'text/csv';

const UNAUTHENTICATED = 401;

interface Tokens {
  token: (options?: { fresh: boolean }) => Promise<string>;
}

export function createApi(base: string, tokens: Tokens, service: Service): Api {
  return createClient<paths>({
    baseUrl: base,
    fetch: async (request) => {
      try {
        const again = request.clone();
        const response = await send(request, await tokens.token());
        if (response.status === UNAVAILABLE) service.noteTrouble();
        // A token can end while it is held: once more, with another.
        return response.status === UNAUTHENTICATED ? await send(again, await tokens.token({ fresh: true })) : response;
      } catch (error) {
        // The page itself gave the call up, or nothing was sent.
        if (request.signal.aborted || error instanceof SignInEndedError) throw error;
        service.noteTrouble();
        throw new AwayError();
      }
    },
  });
}

/** The answer, read to its end: one that breaks off half way fails here, where it is known what that means. */
async function send(request: Request, token: string): Promise<Response> {
  request.headers.set('Authorization', `Bearer ${token}`);
  const limit = request.headers.get('Accept') === FILE_TYPE ? FILE_MILLISECONDS : ANSWER_MILLISECONDS;
  const response = await fetch(request, { signal: AbortSignal.any([request.signal, AbortSignal.timeout(limit)]) });
  const content = await response.arrayBuffer();
  return new Response(content.byteLength === 0 ? null : content, response);
}

/**
 * The content of a successful answer.
 *
 * Throws ApiError for a refusal, StaleError for a 412, AwayError where no answer came, or none of the API: a page of
 * something that stands before it.
 */
export async function contentOf<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await call.catch((fault: unknown) => {
    throw fault instanceof SyntaxError ? new AwayError() : fault;
  });
  if (!response.ok) throw errorOf(response, error);
  return data as T;
}

/** The header by which a change applies to what was read, and to nothing newer. */
export function ifMatch(etag: string): { 'If-Match': string } {
  return { 'If-Match': etag };
}
