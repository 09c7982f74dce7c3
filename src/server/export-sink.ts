import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { RemitError } from '../core/errors.ts'
import { fileSink } from '../streams/file-sink.ts'
import { httpSink } from '../streams/http-sink.ts'
import { type KafkaAccess, kafkaSink } from '../streams/kafka-sink.ts'
import type { Sink } from '../streams/sink.ts'
import { secretText } from './channel-place.ts'
import type { Config } from './config-schema.ts'
import type { Foundation } from './open-foundation.ts'

type ExportConfig = Config['exports'][string]

export type SinkPlace = Pick<Foundation, 'loaded' | 'ownPorts' | 'secretPlaces' | 'scrubber'>

/** The place that an `exports` entry names. */
export function sinkOf(name: string, { file, http, kafka, format }: ExportConfig, place: SinkPlace): Sink {
  if (file !== undefined) {
    const { path, rotateAt, keep } = file
    return fileSink({ name, path: resolve(place.loaded.folder, path), rotateAt, keep })
  }
  if (kafka !== undefined) return kafkaPlace(name, kafka, place)
  if (http === undefined) throw new Error('an export has a file, an endpoint or a topic')
  const { url, gzip, token, headers, timeout, privateAddresses } = http
  return httpSink({
    name,
    url,
    format,
    gzip,
    headers: () => ({
      ...(token === undefined ? {} : { authorization: `Bearer ${secretText(token, place)}` }),
      ...Object.fromEntries(
        Object.entries(headers).map(([header, value]) => [header.toLowerCase(), secretText(value, place)]),
      ),
    }),
    fetching: {
      timeout,
      allowPrivate: privateAddresses,
      plainLoopback: privateAddresses,
      ownPorts: place.ownPorts,
    },
  })
}

const MECHANISMS = {
  plain: 'PLAIN',
  'scram-sha-256': 'SCRAM-SHA-256',
  'scram-sha-512': 'SCRAM-SHA-512',
} as const

function kafkaPlace(name: string, config: NonNullable<ExportConfig['kafka']>, place: SinkPlace): Sink {
  const { brokers, topic, tls, ca, certificate, key, sasl, timeout } = config
  const access = (): KafkaAccess => ({
    ...(tls && {
      tls: {
        ...(ca === undefined ? {} : { ca: readAuthority(resolve(place.loaded.folder, ca)) }),
        ...(certificate === undefined ? {} : { cert: secretText(certificate, place) }),
        ...(key === undefined ? {} : { key: secretText(key, place) }),
      },
    }),
    ...(sasl !== undefined && {
      login: {
        mechanism: MECHANISMS[sasl.mechanism],
        // A name alone is no secret, and would be struck out wherever it stands.
        username: sasl.username.startsWith('secret:') ? secretText(sasl.username, place) : sasl.username,
        password: secretText(sasl.password, place),
      },
    }),
  })
  return kafkaSink({ name, brokers, topic, timeout, access })
}

/** @throws RemitError `config_invalid`. */
function readAuthority(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new RemitError('config_invalid', `\`${path}\`, the \`ca\` of an export, cannot be read`, {
      cause: error,
    })
  }
}
