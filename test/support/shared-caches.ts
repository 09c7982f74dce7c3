import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const POLICIES = 'REMIT_TEST_POLICY_CACHE'
/** Apart from what gateways parse, which is copied into the state of each. */
const SETS = 'REMIT_TEST_SET_CACHE'

let folder = ''

/**
 * Tests start hundreds of processes of the same sources and policies: what node compiled is kept, and for one
 * run what Cedar's engine parsed. That halves the CPU of a command and of a start.
 */
export function setup(): void {
  folder = mkdtempSync(join(tmpdir(), 'remit-test-caches-'))
  // Workers write theirs when they end, after the teardown, so it has a place of its own.
  process.env['NODE_COMPILE_CACHE'] = join(ROOT, 'node_modules', '.cache', 'remit-tests')
  process.env[POLICIES] = join(folder, 'policies')
  mkdirSync(join(folder, 'policies'))
  process.env[SETS] = join(folder, 'sets')
}

export function teardown(): void {
  rmSync(folder, { recursive: true, force: true })
}

/** An environment with nothing of ours in it but where programs are found, and what node compiled. */
export function bareEnviron(): Record<string, string> {
  const names = ['PATH', 'NODE_COMPILE_CACHE']
  return Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  )
}

/** For sets that a test loads by itself: what this run parsed before is not parsed again. */
export function parsedBefore(): { readonly cacheDir?: string } {
  const cacheDir = process.env[SETS]
  return cacheDir === undefined ? {} : { cacheDir }
}

/** Gives a gateway's state folder what gateways of this run parsed before; a start without it is a test of its own. */
export function lendPolicies(state: string): void {
  const shared = process.env[POLICIES]
  if (shared === undefined || readdirSync(shared).length === 0) return
  mkdirSync(state, { recursive: true, mode: 0o700 })
  cpSync(shared, join(state, 'policy-cache'), { recursive: true })
}

export function keepPolicies(state: string): void {
  const shared = process.env[POLICIES]
  if (shared === undefined) return
  const finished = (path: string): boolean => !path.endsWith('.tmp')
  cpSync(join(state, 'policy-cache'), shared, { recursive: true, force: false, filter: finished })
}
