import { z } from 'zod'

/** `tls` of `remit.yaml`. */
export const tlsSchema = z.strictObject({
  cert: z.string().meta({ description: 'PEM file with the certificate and its chain.' }),
  key: z.string().meta({ description: 'PEM file with its private key.' }),
  clientCertificates: z.enum(['none', 'optional']).default('none').meta({
    description:
      'Whether agents are asked for a certificate, to which tokens can then be bound (`cnf.x5t#S256`): docs/identity.md.',
  }),
  clientCa: z.string().optional().meta({
    description:
      'PEM file with the authorities of which one must stand for a certificate of a client. Default: any counts, also one that its owner signed, since tokens are bound to its thumbprint.',
  }),
})
