import type { KeyWrapper } from './key-wrapper.ts'
import { runKeeper } from './run-keeper.ts'

/**
 * A program that wraps and unwraps: started with `wrap` or `unwrap` behind its own arguments, it reads one line, and prints one.
 * `wrap` reads the key in base64 and prints text of its own; `unwrap` reads that text and prints the key.
 */
export function commandKeeper(command: readonly string[]): KeyWrapper {
  return {
    name: `the program \`${command[0] ?? ''}\``,
    wrap: (key) => runKeeper([...command, 'wrap'], `${Buffer.from(key).toString('base64')}\n`),
    unwrap: async (wrapped) => Buffer.from(await runKeeper([...command, 'unwrap'], `${wrapped}\n`), 'base64'),
  }
}
