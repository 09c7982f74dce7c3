import type { SecretVault } from '../credentials/secret-vault.ts'
import type { KeyFiles } from './custody/key-files.ts'
import type { Config } from './config-schema.ts'
import { type Keys, taskTokenFile } from './keys.ts'
import { SigningKeys } from './signing-keys.ts'
import { SYSTEM_CLOCK } from './system-clock.ts'
import { workflowTemplates } from './workflow-templates.ts'

export interface SigningKeysPlace {
  readonly vault: SecretVault
  readonly keys: Keys
  readonly keyFiles: KeyFiles
  /** Of the first key. */
  readonly folder: string
  readonly config: Config
}

export function openSigningKeys({ vault, keys, keyFiles, folder, config }: SigningKeysPlace): SigningKeys {
  return new SigningKeys({
    vault,
    first: {
      privateKey: keys.taskToken.privateKey,
      from: keyFiles.writtenAt(taskTokenFile(folder)) ?? SYSTEM_CLOCK.now(),
    },
    now: () => SYSTEM_CLOCK.now(),
    overlap: config.oauth.keyOverlap,
    // A token never outlives its task, and a task lives no longer than its kind of work allows.
    longest: Math.max(...[...workflowTemplates(config).values()].map(({ maxLifetime }) => maxLifetime)),
  })
}
