import type { IncomingMessage } from 'node:http'
import type { RemitError } from '../core/errors.ts'
import type { IssuedTask } from '../gate/administration.ts'

export const TOKEN_PATH = '/oauth/token'
/** RFC 8693 §2.1. */
export const EXCHANGE_GRANT = 'urn:ietf:params:oauth:grant-type:token-exchange'
/** RFC 8693 §3. */
export const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token'

/** A new task, and what is told of it beside what is told of each. */
export interface GrantedTask {
  readonly issued: IssuedTask
  readonly more?: Readonly<Record<string, unknown>>
}

/** One way to get the token of a task at the token endpoint that is none of the authorization library's. */
export interface TokenGrant {
  takes(form: URLSearchParams): boolean
  /** @throws RemitError for `wordFor`. */
  issue(form: URLSearchParams, request: IncomingMessage): Promise<GrantedTask>
  /** Under what a refusal is logged. */
  readonly event: string
  /** What a refusal is in words of OAuth; `data.oauth` of the error, where it has one, goes before. */
  wordFor(error: RemitError): string
  /** Parameters that may be given more than once. */
  readonly repeatable?: ReadonlySet<string>
}
