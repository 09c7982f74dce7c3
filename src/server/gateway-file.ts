import { rmSync } from 'node:fs'
import { z } from 'zod'
import { readPrivateFile, writePrivateFile } from './private-file.ts'

const gatewayFile = z.object({
  pid: z.int(),
  version: z.string(),
  agentUrl: z.string(),
  adminUrl: z.string(),
  started: z.string(),
})

/** What a running gateway says of itself to commands on the same machine. */
export type GatewayFile = Readonly<z.infer<typeof gatewayFile>>

/** Undefined when no gateway runs, or what stands there cannot be read as one. */
export function readGatewayFile(path: string): GatewayFile | undefined {
  const text = readPrivateFile(path, 'state_unreadable')?.toString('utf8')
  if (text === undefined) return undefined
  try {
    return gatewayFile.parse(JSON.parse(text))
  } catch {
    // Damaged: as good as none, and the next start writes it anew.
    return undefined
  }
}

export function writeGatewayFile(path: string, file: GatewayFile): void {
  writePrivateFile(path, `${JSON.stringify(file, null, 2)}\n`)
}

export function removeGatewayFile(path: string): void {
  rmSync(path, { force: true })
}
