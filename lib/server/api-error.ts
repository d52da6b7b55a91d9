/** What a client did wrong, or has to wait for, in the form in which OpenAI's clients expect it. */

export interface ApiErrorDetails {
  /** A word for programs: "model_not_found". */
  code?: string;
  /** The field of the request that is wrong. */
  param?: string;
  /** Seconds after which another try may pass. */
  retryAfter?: number;
  headers?: Readonly<Record<string, string>>;
}

/** Thrown by routes; becomes the answer. Its message never holds a text of the request. */
export class ApiError extends Error {
  override name = 'ApiError';

  constructor(
    readonly status: number,
    message: string,
    readonly details: ApiErrorDetails = {},
  ) {
    super(message);
  }

  /** As https://platform.openai.com/docs/guides/error-codes has it. */
  body(): { error: { message: string; type: string; param: string | null; code: string | null } } {
    const { code = null, param = null } = this.details;
    return { error: { message: this.message, type: typeOf(this.status), param, code } };
  }

  headers(): Record<string, string> {
    const { retryAfter, headers } = this.details;
    return { ...headers, ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }) };
  }
}

/** A request that asks for what there is not. */
export function badRequest(message: string, param?: string): ApiError {
  return new ApiError(400, message, param === undefined ? {} : { param });
}

function typeOf(status: number): string {
  if (status === 401 || status === 403) return 'authentication_error';
  if (status === 429) return 'rate_limit_error';
  return status < 500 ? 'invalid_request_error' : 'server_error';
}
