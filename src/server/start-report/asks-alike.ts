import { canonicalJson } from '../../core/canonical-json.ts'
import { isJsonObject, type Json } from '../../core/json.ts'
import { RUNTIME_TOOL } from '../../core/runtime-tool.ts'
import { asksGateway } from '../agents/gateway-commands.ts'

/** How a hook asks, and for how long. */
const WAYS = /^(?:type|name|command|args|bash|powershell|server|tool|input|timeout\w*)$/

/** Whether something in there asks the gateway: by a command, a plugin or its tool for runtimes. */
export function asks(value: Json): boolean {
  if (typeof value === 'string') return value === RUNTIME_TOOL || asksGateway(value)
  if (typeof value !== 'object' || value === null) return false
  return Object.values(value).some((each) => asks(each))
}

/** Whether two entries of hooks ask about the same, and do the same where that fails. */
export function asksAlike(found: Json, wanted: Json): boolean {
  return canonicalJson(meant(found)) === canonicalJson(meant(wanted))
}

/** An entry by what it is for; how it asks is one of several ways. */
function meant(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(meant)
  if (!isJsonObject(value)) return value
  const handles = Object.values(value).some((each) => typeof each === 'string' && asks(each))
  const members = Object.entries(value).filter(([name]) => !handles || !WAYS.test(name))
  return {
    ...Object.fromEntries(members.map(([name, each]) => [name, meant(each)])),
    ...(handles ? { asks: true } : {}),
  }
}
