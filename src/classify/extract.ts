import type { Action } from '../core/actions.ts'
import type { Json } from '../core/json.ts'
import type { Operation } from '../core/operation.ts'
import type { ServerKey } from '../core/ids.ts'
import type { ArgumentKind } from './argument-kinds.ts'
import type { ControlMatcher } from './control-paths.ts'
import type { InnerCall } from './inner-calls.ts'
import { extractCalls } from './extract-calls.ts'
import { extractCommand } from './extract-command.ts'
import { extractPatch } from './extract-patch.ts'
import { extractDirectory, extractPath, extractPaths, extractPattern } from './extract-paths.ts'
import { extractMoney, extractRecipient } from './extract-recipients.ts'
import { extractRecord } from './extract-records.ts'
import { extractSql } from './extract-sql.ts'
import { extractRequest } from './extract-requests.ts'
import { extractHost } from './extract-urls.ts'
import type { FileSystem } from './file-system.ts'
import { extractBranch } from './git-refs.ts'
import type { StartedProgram } from './referents/started-program.ts'
import type { Repositories } from './repository/repositories.ts'

/** Everything that an extractor may use beside the value. */
export interface ExtractionContext {
  readonly server: ServerKey
  /** What the tool does to what the argument names. */
  readonly actions: readonly Action[]
  /** RFC 6901 pointer of the value in the arguments. */
  readonly pointer: string
  /** Absent = paths are known by their text only. */
  readonly fs: FileSystem | undefined
  readonly workspace: string | undefined
  readonly root: string | undefined
  readonly home: string
  readonly control: ControlMatcher
  /** What a call that stands in the arguments would do; absent = nobody looks, so that it is opaque. */
  readonly inner?: (call: InnerCall) => readonly Operation[]
  /** Told of every program that a command line would start; absent = nobody asks. */
  readonly started?: (run: StartedProgram) => void
  /** Absent = which repository something belongs to is not looked up. */
  readonly repositories?: Repositories
}

/**
 * Turns one value of an argument into what the call would do to what it names. Never throws; a value that it cannot
 * read becomes an opaque operation, never none. One file for each; commands, URLs, git refs, packages and SQL come
 * as further rows of the table below.
 */
export type Extractor = (value: Json, context: ExtractionContext) => readonly Operation[]

const EXTRACTORS: Readonly<Record<ArgumentKind, Extractor>> = {
  path: extractPath,
  paths: extractPaths,
  directory: extractDirectory,
  record: extractRecord,
  url: extractRequest,
  host: extractHost,
  sql: extractSql,
  command: extractCommand,
  branch: extractBranch,
  pattern: extractPattern,
  patch: extractPatch,
  recipient: extractRecipient,
  money: extractMoney,
  call: extractCalls,
  /** Content, numbers, flags: names nothing. */
  plain: () => [],
}

export function extractorOf(kind: string): Extractor | undefined {
  return Object.hasOwn(EXTRACTORS, kind) ? EXTRACTORS[kind as ArgumentKind] : undefined
}
