import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { RemitError } from '../core/errors.ts'
import { BUILTIN_FILE, BUILTIN_POLICIES } from './builtin-policies.ts'
import { compilePolicySet } from './compile-policy-set.ts'
import type { PolicySource } from './parse-job.ts'
import { parsePolicies } from './parse-policies.ts'
import { PolicyCache } from './policy-cache.ts'
import type { PolicySet } from './policy-set.ts'

export interface PolicyLocations {
  /** Each may hold several `.cedar` files; all of them together are one set. */
  readonly folders: readonly string[]
  readonly schemaFile: string
  /** Where parsed policies are kept between starts; must be as well protected as the policies. */
  readonly cacheDir?: string
}

/**
 * Reads, checks and compiles the policies of all folders together with Remit's own.
 * @throws RemitError `policy_invalid` that lists what is wrong and where; `policy_engine_failed`.
 */
export async function loadPolicySet(locations: PolicyLocations): Promise<PolicySet> {
  const schema = { file: basename(locations.schemaFile), text: await readText(locations.schemaFile) }
  const packs = (await Promise.all(locations.folders.map(readFolder))).flat()
  const builtin: PolicySource = { file: BUILTIN_FILE, text: BUILTIN_POLICIES }
  const parsed = await parsePolicies([builtin, ...packs], schema, new PolicyCache(locations.cacheDir))
  return compilePolicySet(parsed, schema.text)
}

async function readFolder(folder: string): Promise<readonly PolicySource[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw unreadable(folder, error)
  })
  const files = names.filter((name) => name.endsWith('.cedar')).toSorted()
  if (files.length === 0) {
    throw new RemitError(
      'policy_invalid',
      `the folder \`${folder}\` holds no .cedar file; add one or leave the folder out`,
    )
  }
  return Promise.all(
    files.map(async (name) => ({
      file: join(basename(folder), name),
      text: await readText(join(folder, name)),
    })),
  )
}

async function readText(path: string): Promise<string> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw unreadable(path, error)
  })
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    throw new RemitError('policy_invalid', `\`${path}\` is not UTF-8 text`, { cause: error })
  }
}

function unreadable(path: string, cause: unknown): RemitError {
  return new RemitError(
    'policy_invalid',
    `\`${path}\` cannot be read; check that it exists and who may read it`,
    {
      cause,
    },
  )
}
