import type { Digest, ServerKey } from '../core/ids.ts'

/** Which definition of each tool was seen first. What the gate calls `pinned` is read from here. */
export interface DefinitionPins {
  isPinned(server: ServerKey, tool: string, digest: Digest): boolean
  get(server: ServerKey, tool: string): Digest | undefined
  /** Remembers a first sight. Never replaces: a changed definition stays changed until a human says otherwise. */
  putFirst(server: ServerKey, tool: string, digest: Digest): void
}

/** Pins that last as long as the process. */
export function createMemoryPins(): DefinitionPins {
  const pins = new Map<string, Digest>()
  return {
    isPinned: (server, tool, digest) => pins.get(`${server} ${tool}`) === digest,
    get: (server, tool) => pins.get(`${server} ${tool}`),
    putFirst(server, tool, digest) {
      const key = `${server} ${tool}`
      if (!pins.has(key)) pins.set(key, digest)
    },
  }
}
