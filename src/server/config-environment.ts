import { isJsonObject } from '../core/json.ts'

/** Settings that a container sets from outside: each outranks its key in `remit.yaml`. */
export const ENVIRONMENT_KEYS = {
  REMIT_STATE: ['state'],
  REMIT_STORE: ['store'],
  REMIT_PUBLIC_URL: ['publicUrl'],
  REMIT_ADMIN_URL: ['adminUrl'],
  REMIT_LISTEN_AGENT: ['listen', 'agent'],
  REMIT_LISTEN_ADMIN: ['listen', 'admin'],
  REMIT_TENANT: ['tenant'],
  REMIT_LOG_LEVEL: ['log', 'level'],
  REMIT_LOG_FORMAT: ['log', 'format'],
} as const satisfies Readonly<Record<string, readonly string[]>>

/** The file's value with the environment laid over it; nothing is checked here. */
export function applyEnvironment(
  value: unknown,
  environ: Readonly<Record<string, string | undefined>>,
): { readonly value: unknown; variableOf(path: readonly PropertyKey[]): string | undefined } {
  const used = new Map<string, string>()
  let result = value
  for (const [variable, path] of Object.entries(ENVIRONMENT_KEYS)) {
    const text = environ[variable]
    if (text === undefined || text === '') continue
    used.set(path.join('.'), variable)
    result = withValue(result, path, text)
  }
  return { value: result, variableOf: (path) => used.get(path.map(String).join('.')) }
}

function withValue(target: unknown, path: readonly string[], value: string): unknown {
  const [step, ...rest] = path
  if (step === undefined) return value
  // A file whose root is no mapping stays as it is, for the schema to refuse.
  if (target !== undefined && !isJsonObject(target)) return target
  return { ...target, [step]: withValue(target?.[step], rest, value) }
}
