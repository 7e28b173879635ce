import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { root } from '../paths.ts'
import { ingredientsOf, sbomOf } from './sbom.ts'

const inPackages = (path: string): string => join(root, 'node_modules', path)

describe('a bill of materials', () => {
  test('names each package once, with the version and the licence of its own manifest, and nothing of ours', async () => {
    const found = await ingredientsOf([
      join(root, 'platform', 'errors.ts'),
      inPackages('kysely/dist/index.js'),
      inPackages('kysely/dist/kysely.js'),
      inPackages('@pothos/core/esm/index.js'),
    ])
    const { version } = JSON.parse(await readFile(inPackages('kysely/package.json'), 'utf8'))
    assert.deepEqual(
      found.map(({ name }) => name),
      ['@pothos/core', 'kysely'],
    )
    assert.deepEqual(found[1], { name: 'kysely', version, license: 'MIT' })
  })

  test('says of which image it is, and that everything is in it', () => {
    const bill = JSON.parse(
      sbomOf('sentinel/x:1.0.0', `sha256:${'a'.repeat(64)}`, [{ name: '@a/b', version: '1.2.3', license: 'MIT' }]),
    )
    const [image, ingredient] = bill.packages
    assert.equal(image.versionInfo, `sha256:${'a'.repeat(64)}`)
    assert.equal(ingredient.externalRefs[0].referenceLocator, 'pkg:npm/%40a/b@1.2.3')
    const related = bill.relationships.map((each: Record<string, string>) => each.relatedSpdxElement)
    assert.deepEqual(related, [image.SPDXID, ingredient.SPDXID])
  })
})
