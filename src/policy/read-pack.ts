import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { RemitError } from '../core/errors.ts'
import type { PolicySource } from './parse-job.ts'

/** Names of the file that fills the slots of a pack's templates. JSON is YAML too. */
export const LINK_FILES = ['links.yaml', 'links.json']

/**
 * The policy files of a folder in the order of their names, then its links file.
 * @throws RemitError `policy_invalid` for a folder that cannot be read or holds no policies.
 */
export async function readPack(folder: string): Promise<readonly PolicySource[]> {
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
  const source = async (name: string): Promise<PolicySource> => ({
    file: join(basename(folder), name),
    text: await readPolicyText(join(folder, name)),
  })
  const policies = await Promise.all(files.map(source))
  const links = await Promise.all(LINK_FILES.filter((name) => names.includes(name)).map(source))
  return [...policies, ...links.map((link) => ({ ...link, templates: policies }))]
}

/** @throws RemitError `policy_invalid` for a file that cannot be read or is not UTF-8. */
export async function readPolicyText(path: string): Promise<string> {
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
  const message = `\`${path}\` cannot be read; check that it exists and who may read it`
  return new RemitError('policy_invalid', message, { cause })
}
