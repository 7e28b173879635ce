import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { startOf } from '../../platform/images/build.ts'
import { images } from '../../platform/images/contents.ts'
import { root } from '../../platform/paths.ts'

const dockerfile = await readFile(join(root, 'deploy', 'docker', 'Dockerfile'), 'utf8')

/** The instructions of each stage, by its name. */
const stages = new Map(
  dockerfile
    .split(/^FROM /m)
    .slice(1)
    .map((stage) => [/ AS (\S+)/.exec(stage)![1]!, stage]),
)

describe('deploy/docker/Dockerfile', () => {
  test('has a target for every image, of the files that npm run image puts into it', () => {
    for (const name of Object.keys(images)) {
      assert.match(stages.get(name) ?? '', new RegExp(`^empty AS ${name}\nCOPY --from=${name}-files /out/${name}/ /\n`))
      assert.match(stages.get(`${name}-files`) ?? '', new RegExp(`image ${name} --files --out /out\n`))
    }
  })

  test('starts each as the archive does', () => {
    const { user, entrypoint, workingDirectory, env } = startOf()
    const told = Object.entries(env).map(([name, value]) => `${name}=${value}`)
    assert.equal(
      stages.get('empty')!.trim().split('\n').slice(0, 5).join('\n'),
      [
        'scratch AS empty',
        `USER ${user}`,
        `WORKDIR ${workingDirectory}`,
        `ENV ${told.join(' ')}`,
        `ENTRYPOINT ${JSON.stringify(entrypoint).replaceAll(',', ', ')}`,
      ].join('\n'),
    )
  })

  test('makes everything in one image where no target is named, as the compose file wants it', () => {
    assert.equal([...stages.keys()].at(-1), 'sentinel')
  })
})
