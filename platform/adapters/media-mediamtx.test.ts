import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { MediaMtxStand } from '../../tests/support/mediamtx.ts'
import { MediaMtx } from './media-mediamtx.ts'

const SOURCE = 'rtsp://admin:secret@10.0.0.7/stream'

const placeOf = ({ port }: MediaMtxStand, login = '', more = ''): string =>
  `mediamtx://${login}127.0.0.1:${port}/?ssl=false${more}`

describe('MediaMTX', () => {
  test('takes a camera, gives it another source, and lets it go; paths of others stay', async (t) => {
    const stand = await MediaMtxStand.start(t)
    stand.paths.set('studio', { source: 'publisher' })
    const media = new MediaMtx(placeOf(stand))
    await media.put('north', SOURCE)
    await media.put('north', `${SOURCE}2`)
    assert.deepEqual([...(await media.paths())], [['north', `${SOURCE}2`]])
    assert.equal(stand.paths.get('camera-north')!.sourceOnDemand, true)
    await media.remove('north')
    await media.remove('north')
    assert.deepEqual([...stand.paths.keys()], ['studio'])
  })

  test('lists every page', async (t) => {
    const stand = await MediaMtxStand.start(t)
    for (let n = 0; n < 1201; n++) stand.paths.set(`camera-${n}`, { source: SOURCE })
    assert.equal((await new MediaMtx(placeOf(stand)).paths()).size, 1201)
    assert.equal(stand.called.length, 3)
  })

  test('says who it is by user and password or by token, to the API and to the stream', async (t) => {
    const stand = await MediaMtxStand.start(t)
    stand.authorization = `Basic ${Buffer.from('sen@tinel:p:w').toString('base64')}`
    const user = new MediaMtx(placeOf(stand, 'sen%40tinel:p%3Aw@'))
    await user.put('north', SOURCE)
    assert.equal(user.streamOf('north'), 'rtsp://sen%40tinel:p%3Aw@127.0.0.1:8554/camera-north')
    stand.authorization = 'Bearer a.b.c'
    const token = new MediaMtx(placeOf(stand, '', '&token=a.b.c&rtsp=rtsps://media.example:8322'))
    assert.equal((await token.paths()).size, 1)
    assert.equal(token.streamOf('north'), 'rtsps://media.example:8322/camera-north?token=a.b.c')
    const message = /permissions "api" and "read"/
    await assert.rejects(user.paths(), { code: 'CONFIGURATION_INVALID', message })
  })

  test('that is away or in trouble may be asked again; what it refuses is told with its reason', async (t) => {
    const stand = await MediaMtxStand.start(t)
    stand.broken = 500
    await assert.rejects(new MediaMtx(placeOf(stand)).paths(), {
      code: 'SERVER_UNAVAILABLE',
      message: /500: out of order/,
    })
    stand.broken = 400
    await assert.rejects(new MediaMtx(placeOf(stand)).put('a', SOURCE), { code: 'CONFIGURATION_INVALID' })
    const nobody = new MediaMtx('mediamtx://127.0.0.1:9/?ssl=false')
    await assert.rejects(nobody.paths(), {
      code: 'SERVER_UNAVAILABLE',
      message: /does not answer at http:\/\/127.0.0.1:9/,
    })
    await assert.rejects(nobody.put('no such/../name?', SOURCE), { code: 'INPUT_INVALID' })
  })

  test('takes RTSP and HLS, and nothing else', () => {
    const media = new MediaMtx('mediamtx://media')
    const sources = [
      'rtsp://c/1',
      'rtsps://c/1',
      'https://c/live/index.m3u8?key=1',
      'https://c/still.jpg',
      'file:///a.mp4',
      '',
    ]
    assert.deepEqual(
      sources.map((source) => media.takes(source)),
      [true, true, true, false, false, false],
    )
  })

  test('a place that cannot be is told without its password', () => {
    const wrong: [string, RegExp][] = [
      ['mediamtx://', /it has the form mediamtx:/],
      ['mediamtx://u:secret@h/?ssl=perhaps', /ssl is true or false/],
      ['mediamtx://u:secret@h/?rtsp=http://h', /rtsp has the form/],
      ['mediamtx://u:secret@h/?hls=rtsp://h', /hls has the form/],
      ['mediamtx://u:secret@h/?token=a', /give one of them/],
      ['mediamtx://u:secret@h/?colour=red', /colour/],
    ]
    for (const [place, message] of wrong) {
      assert.throws(
        () => new MediaMtx(place),
        (error: Error) => message.test(error.message) && !error.message.includes('secret'),
        place,
      )
    }
  })
})
