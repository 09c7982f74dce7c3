import { z } from 'zod'
import { duration, secretName } from './config-fields.ts'

const broker = z.string().regex(/^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):[0-9]{1,5}$/, 'must be `host:port`')

const saslSchema = z.strictObject({
  mechanism: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']).default('scram-sha-512').meta({
    description: 'How it is logged in.',
  }),
  username: z.string().min(1).meta({ description: 'User; `secret:name` stands for a secret.' }),
  password: secretName.meta({ description: 'Password, as `secret:name`.' }),
})

/** Brokers, a topic, and who the gateway is there. */
export const kafkaSchema = z
  .strictObject({
    brokers: z.array(broker).min(1).max(16).meta({
      description: '`host:port` of brokers that tell of the others.',
    }),
    topic: z
      .string()
      .regex(/^[A-Za-z0-9._-]{1,249}$/, 'must be the name of a topic')
      .meta({ description: 'Topic, which must be there.' }),
    tls: z.boolean().default(true).meta({ description: 'Whether brokers are spoken to over TLS.' }),
    ca: z.string().min(1).optional().meta({
      description:
        'PEM file of who vouches for the brokers, from the folder of this configuration; absent = the public authorities.',
    }),
    certificate: secretName.optional().meta({
      description: 'The gateway’s own certificate (PEM), as `secret:name`.',
    }),
    key: secretName.optional().meta({ description: 'Key of the certificate (PEM), as `secret:name`.' }),
    sasl: saslSchema.optional().meta({ description: 'Login at the brokers.' }),
    timeout: duration('10s')
      .refine((ms) => ms >= 100 && ms <= 60_000, 'must lie between 100ms and 60s')
      .meta({ description: 'How long one attempt may take.' }),
  })
  .refine(({ certificate, key }) => (certificate === undefined) === (key === undefined), {
    message: 'needs `certificate` and `key` together',
  })
  .refine(({ tls, sasl, ca, key }) => tls || [sasl, ca, key].every((each) => each === undefined), {
    path: ['tls'],
    message: 'must be on for `sasl`, `ca` and `certificate`: without it whoever listens reads them',
  })
