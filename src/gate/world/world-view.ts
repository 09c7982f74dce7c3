import type { ServerKey } from '../../core/ids.ts'

/** What lies at a path at this moment, every link followed. */
export type SeenFile =
  | { readonly kind: 'absent' }
  | { readonly kind: 'folder'; readonly real: string }
  | {
      readonly kind: 'file'
      readonly real: string
      /** In bytes. */
      readonly size: number
      /** SHA-256 of the content, hexadecimal. */
      readonly digest: string
      /** All of a short text; absent = it is long, or no text. */
      readonly text?: string
    }
  /** It cannot be held still, and why in words. */
  | { readonly kind: 'unheld'; readonly why: string }

/** Looks at what the arguments of one call stand for. Bounded in size and time; never rejects. */
export interface WorldView {
  /** Everything in one look, in the order of the paths. */
  files(paths: readonly string[]): Promise<readonly SeenFile[]>
  /** How a server is reached and what is pinned of it, as text that is only compared; undefined = not configured. */
  server(key: ServerKey): string | undefined
}
