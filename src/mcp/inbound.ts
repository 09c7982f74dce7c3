import type { IncomingMessage } from 'node:http'
import type { DoorContext } from './door-context.ts'
import type { Naming } from './names.ts'
import type { Reply } from './reply.ts'

/** One HTTP request that has a place at this door. */
export interface Inbound {
  readonly door: DoorContext
  readonly request: IncomingMessage
  readonly reply: Reply
  readonly naming: Naming
}
