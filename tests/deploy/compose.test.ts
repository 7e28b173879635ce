import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { parse } from 'yaml'
import { z } from 'zod'
import { type Environment, readAll } from '../../platform/env.ts'
import { adapters } from '../../platform/hosts/adapters.ts'
import { settingsFor } from '../../platform/hosts/alone/settings.ts'
import { functions } from '../../platform/hosts/functions.ts'
import { hostedFunctions } from '../../platform/hosts/local/hosted.ts'
import { Settings } from '../../platform/hosts/local/settings.ts'
import { root } from '../../platform/paths.ts'

const Service = z.looseObject({
  image: z.string(),
  profiles: z.array(z.enum(['infra', 'observability', 'apps'])).min(1),
  command: z.union([z.string(), z.array(z.string())]).optional(),
  restart: z.enum(['no', 'unless-stopped']),
  environment: z.record(z.string(), z.string()).default({}),
  ports: z.array(z.string()).default([]),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  healthcheck: z.looseObject({ disable: z.boolean().optional(), test: z.array(z.string()).optional() }),
  volumes: z.array(z.string()).default([]),
  configs: z.array(z.object({ source: z.string(), target: z.string() })).default([]),
})
type Service = z.infer<typeof Service>

const Compose = z.looseObject({
  services: z.record(z.string(), Service),
  volumes: z.record(z.string(), z.unknown()),
  configs: z.record(z.string(), z.object({ content: z.string().optional(), file: z.string().optional() })),
})

const text = await readFile(join(root, 'deploy', 'compose', 'compose.yaml'), 'utf8')
const { services, volumes, configs } = Compose.parse(parse(text, { merge: true }))
const all = Object.entries(services)
const isJob = ({ restart }: Service): boolean => restart === 'no'

/** With a value for each secret, as the real ones are shaped. */
function environmentOf({ environment }: Service): Environment {
  const secret = Buffer.alloc(32, 7).toString('base64')
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [
      name,
      value.replaceAll(/\$\{(\w+)[^}]*\}/g, (_, key) => (key === 'SEALING_KEY' ? secret : 'secret')),
    ]),
  )
}

describe('deploy/compose', () => {
  test('every image has a version, and every port is reached from this machine alone', () => {
    for (const [name, { image, ports }] of all) {
      if (image !== 'sentinel:local') assert.match(image, /:v?\d+\.\d+(\.\d+)?(-[a-z]+)?$/, name)
      for (const port of ports) assert.match(port, /^127\.0\.0\.1:\d+:\d+$/, `${name} ${port}`)
    }
    const published = all.flatMap(([, { ports }]) => ports.map((port) => port.split(':')[1]))
    assert.equal(new Set(published).size, published.length)
  })

  test('every variable of Sentinel is one of docs/settings.md, and every secret is made by secrets.mjs', async () => {
    const documented = await readFile(join(root, 'docs', 'settings.md'), 'utf8')
    for (const [name, { image, environment }] of all) {
      if (image !== 'sentinel:local') continue
      for (const variable of Object.keys(environment))
        assert.ok(documented.includes(`| \`${variable}\` |`), `${name} ${variable}`)
    }
    const made = await readFile(join(root, 'deploy', 'compose', 'secrets.mjs'), 'utf8')
    for (const [, secret] of text.matchAll(/\$\{(\w+)/g)) assert.ok(made.includes(`${secret}:`), secret)
  })

  test('every function runs once, with the settings that it needs', () => {
    const api = environmentOf(services.api!)
    const [settings] = readAll([Settings], api) as [Settings]
    const hosted = hostedFunctions(settings).map(({ declaration }) => declaration.name)
    const alone = all.filter(([, { command }]) => command?.[0] === 'run').map(([, { command }]) => command![1]!)
    assert.deepEqual([...hosted, ...alone].sort(), functions.map(({ declaration }) => declaration.name).sort())
    for (const name of alone) {
      const { needs, config } = functions.find(({ declaration }) => declaration.name === name)!.declaration
      readAll([settingsFor(needs, adapters), config], environmentOf(services[name]!))
    }
  })

  test('who stays has a health check', () => {
    for (const [name, service] of all) {
      const { disable = false, test: command } = service.healthcheck
      assert.equal(disable, isJob(service), name)
      if (!isJob(service)) assert.ok(command && command.length > 1, name)
    }
  })

  test('who is waited for starts in the same profiles, and is healthy or done', () => {
    for (const [name, { depends_on, profiles }] of all) {
      for (const [other, { condition }] of Object.entries(depends_on)) {
        const expected = isJob(services[other]!) ? 'service_completed_successfully' : 'service_healthy'
        assert.equal(condition, expected, `${name} waits for ${other}`)
        const missing = profiles.filter((profile) => !services[other]!.profiles.includes(profile))
        assert.deepEqual(missing, [], `${name} waits for ${other}`)
      }
    }
  })

  test('every volume and file that is used is declared', () => {
    for (const [name, { volumes: mounts, configs: files }] of all) {
      for (const mount of mounts) assert.ok(mount.split(':')[0]! in volumes, `${name} ${mount}`)
      for (const { source } of files) assert.ok(source in configs, `${name} ${source}`)
    }
  })

  test('Prometheus asks every function that runs alone', () => {
    const { scrape_configs } = parse(configs.prometheus!.content!)
    const asked = scrape_configs[0].dns_sd_configs[0].names
    const alone = all.filter(([, { command }]) => command?.[0] === 'run').map(([name]) => name)
    assert.deepEqual(asked.sort(), alone.sort())
  })
})
