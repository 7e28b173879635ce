import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { addressAllowed } from './addresses.ts'
import { parseSource } from './source.ts'

const rules = { files: true, baseDirectory: '/srv/cameras' }
const remote = { files: false, baseDirectory: '/' }

describe('a source', () => {
  test('keeps its credentials in the whole URL only', () => {
    const { url, publicUrl } = parseSource('rtsp://admin:p%40ss@10.0.0.9:554/ch1', remote)
    assert.equal(url, 'rtsp://admin:p%40ss@10.0.0.9:554/ch1')
    assert.equal(publicUrl, 'rtsp://10.0.0.9:554/ch1')
  })

  test('hides secrets in its query too', () => {
    const { publicUrl } = parseSource('http://cam/video.mjpg?ch=1&pwd=hunter2&api_key=abc', remote)
    assert.equal(publicUrl, 'http://cam/video.mjpg?ch=1&pwd=•••&api_key=•••')
  })

  test('that is a path starts at the base folder, and #loop plays it again and again', () => {
    const { url, publicUrl, loop } = parseSource('clips/a b.mp4#loop', rules)
    assert.equal(url, 'file:///srv/cameras/clips/a%20b.mp4')
    assert.equal(publicUrl, 'file:///srv/cameras/clips/a%20b.mp4#loop')
    assert.equal(loop, true)
    assert.equal(parseSource('file:///x/a.mp4', rules).loop, false)
    assert.equal(parseSource('file:///x/a.mp4#loop', rules).url, 'file:///x/a.mp4')
  })

  for (const text of [
    '',
    '  ',
    'ftp://h/x',
    'javascript:alert(1)',
    'rtsp://',
    'http://[nonsense',
    'data:image/png;base64,',
  ]) {
    test(`${JSON.stringify(text)} is refused`, () => {
      assert.throws(() => parseSource(text, remote), { code: 'SOURCE_REFUSED' })
    })
  }

  for (const text of ['/etc/passwd', 'file:///etc/passwd', '../x.mp4', 'C:\\x.mp4']) {
    test(`the file ${text} is refused where files are not allowed`, () => {
      assert.throws(() => parseSource(text, remote), { code: 'SOURCE_REFUSED' })
    })
  }

  test('that cannot be read never shows its password', () => {
    assert.throws(
      () => parseSource('rtsp://admin:hunter2@[bad/x', remote),
      ({ message }: Error) => !message.includes('hunter2'),
    )
  })
})

describe('an address', () => {
  test('of a metadata service is never a camera, however it is written', () => {
    for (const address of ['169.254.169.254', '::ffff:169.254.169.254', 'fd00:ec2::254']) {
      assert.equal(addressAllowed(address, []), false)
      assert.equal(addressAllowed(address, ['0.0.0.0/0', '::/0']), false)
    }
  })

  test('must lie in a listed network where networks are listed', () => {
    assert.equal(addressAllowed('10.1.2.3', ['10.0.0.0/8']), true)
    assert.equal(addressAllowed('192.168.0.1', ['10.0.0.0/8', 'fd00::/8']), false)
    assert.equal(addressAllowed('192.168.0.1', []), true)
  })
})
