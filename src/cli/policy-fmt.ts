import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Command } from './command.ts'
import { PACK_FOLDER } from './policy-folder.ts'

export const policyFmt: Command = {
  path: 'policy fmt',
  summary: 'format the policies of a folder as Cedar’s own formatter does',
  positionals: [PACK_FOLDER],
  flags: [{ name: 'check', summary: 'change nothing; exit with 1 when a file would change' }],
  notes: 'Comments stay. Files that cannot be parsed are listed and nothing is written.',
  run: async ({ io, json, flags, positionals }) => {
    const { packFolder } = await import('../server/load-pack.ts')
    const { readPack } = await import('../policy/read-pack.ts')
    const { runPolicyWorker } = await import('../policy/run-policy-worker.ts')
    const { policyInvalid } = await import('../policy/problem.ts')
    const folder = packFolder(io.cwd, positionals[0] ?? '')
    const sources = (await readPack(folder)).filter(({ templates }) => templates === undefined)
    const { texts, problems } = await runPolicyWorker('format', { sources })
    if (problems.length > 0) throw policyInvalid(problems)
    const changed = sources.flatMap(({ file, text }, index) => {
      const formatted = texts[index]
      return formatted === undefined || formatted === text ? [] : [{ file, formatted }]
    })
    const check = flags['check'] === true
    if (!check) {
      // Sources are named by their folder and file.
      for (const { file, formatted } of changed) await writeFile(join(dirname(folder), file), formatted)
    }
    const files = changed.map(({ file }) => file)
    if (json) io.out(`${JSON.stringify({ checked: sources.length, changed: files })}\n`)
    else for (const file of files) io.out(`${check ? 'would change' : 'formatted'} ${file}\n`)
    return check && files.length > 0 ? 1 : 0
  },
}
