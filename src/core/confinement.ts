/** Whether a server's program runs in a sandbox, and if not why. */
export type Confinement = { readonly confined: true } | { readonly confined: false; readonly reason: string }
