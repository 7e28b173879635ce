import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readForm } from './form-values.ts'

function form(values: Record<string, string>): FormData {
  const data = new FormData()
  for (const [name, value] of Object.entries(values)) data.set(name, value)
  return data
}

test('a form becomes values; empty numbers are none, and decimal commas count', () => {
  const result = readForm(
    form({ name: ' Bridge ', source: 'rtsp://h/1', latitude: '52,5', longitude: '', enabled: 'on' }),
    undefined,
  )
  assert.deepEqual(result, {
    values: {
      name: 'Bridge',
      source: 'rtsp://h/1',
      latitude: 52.5,
      longitude: null,
      heading: null,
      fps: null,
      enabled: true,
    },
  })
})

test('a source that was not touched is left out, so that its password stays', () => {
  const result = readForm(form({ name: 'A', source: 'rtsp://h/1' }), 'rtsp://h/1')
  assert.ok('values' in result && !('source' in result.values))
})

test('what is no number is named', () => {
  assert.deepEqual(readForm(form({ name: 'A', heading: 'north' }), undefined), { notANumber: 'heading' })
})
