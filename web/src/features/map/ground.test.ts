import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { groundOf, loadGround } from './ground.ts'

const URL_OF = 'https://tiles.example.org/styles/city/style.json?key=k'
const STYLE = {
  version: 8,
  name: 'City',
  glyphs: '../../fonts/{fontstack}/{range}.pbf',
  sprite: '/sprites/city',
  sources: {
    cameras: { type: 'vector', tiles: ['/t/{z}/{x}/{y}.pbf', 'https://other.example.org/{z}/{x}/{y}.pbf'] },
    land: { type: 'geojson', data: 'land.json' },
    named: { type: 'vector', url: '/t/tiles.json' },
  },
  layers: [
    { id: 'back', type: 'background' },
    { id: 'dots', type: 'line', source: 'cameras', 'source-layer': 'roads' },
  ],
}

test('names of a style are never those of our own sources and layers, whatever it calls them', () => {
  const { sources, layers } = groundOf(STYLE, URL_OF)
  assert.deepEqual(Object.keys(sources), ['ground:cameras', 'ground:land', 'ground:named'])
  assert.deepEqual(layers, [
    { id: 'ground:back', type: 'background' },
    { id: 'ground:dots', type: 'line', source: 'ground:cameras', 'source-layer': 'roads' },
  ])
})

test('addresses in a style are relative to it, and templates stay templates', () => {
  const { sources, glyphs, sprite } = groundOf(STYLE, URL_OF)
  assert.equal(glyphs, 'https://tiles.example.org/fonts/{fontstack}/{range}.pbf')
  assert.equal(sprite, 'https://tiles.example.org/sprites/city')
  assert.deepEqual(Object.values(sources), [
    {
      type: 'vector',
      tiles: ['https://tiles.example.org/t/{z}/{x}/{y}.pbf', 'https://other.example.org/{z}/{x}/{y}.pbf'],
    },
    { type: 'geojson', data: 'https://tiles.example.org/styles/city/land.json' },
    { type: 'vector', url: 'https://tiles.example.org/t/tiles.json' },
  ])
})

test('what is no style is refused with what is wrong', () => {
  for (const style of [undefined, null, 'x', {}, { ...STYLE, version: 7 }, { ...STYLE, layers: 1 }])
    assert.throws(() => groundOf(style, URL_OF), /no MapLibre style of version 8/)
  const layers = [{ id: 'roads', type: 'line', source: 'nothing' }]
  assert.throws(() => groundOf({ ...STYLE, layers }, URL_OF), /layer roads has no source/)
})

/** A server that answers every question so. */
async function serve(t: TestContext, status: number, body: string): Promise<string> {
  const server = createServer((_, response) => response.writeHead(status).end(body))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/a/style.json`
}

test('a style is loaded from its server, and a server that has none says so', async (t) => {
  const url = await serve(t, 200, JSON.stringify(STYLE))
  assert.equal((await loadGround(url)).sprite, new URL('/sprites/city', url).href)
  await assert.rejects(serve(t, 404, 'no').then(loadGround), /answers 404/)
  await assert.rejects(serve(t, 200, '<html>').then(loadGround), /no MapLibre style/)
})
