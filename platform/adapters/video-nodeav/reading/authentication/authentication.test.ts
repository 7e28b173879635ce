import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseChallenges } from './challenge.ts'
import { Credentials, credentialsFor } from './credentials.ts'
import { digestAnswer } from './digest.ts'

const responseOf = (answer: string): string | undefined => /response="(\w+)"/.exec(answer)?.[1]

const CNONCE = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ'
const NONCE = '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v'
const OPAQUE = 'FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS'

describe('digest authentication', () => {
  for (const [algorithm, response] of [
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ]) {
    test(`answers as RFC 7616, 3.9.1 does, with ${algorithm}`, () => {
      const [challenge] = parseChallenges(
        `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, nonce="${NONCE}", opaque="${OPAQUE}"`,
      )
      const account = { username: 'Mufasa', password: 'Circle of Life' }
      const answer = digestAnswer(challenge!, account, {
        method: 'GET',
        uri: '/dir/index.html',
        count: 1,
        cnonce: CNONCE,
      })
      assert.equal(
        answer,
        `Digest username="Mufasa", realm="http-auth@example.org", nonce="${NONCE}", uri="/dir/index.html", ` +
          `algorithm=${algorithm}, qop=auth, nc=00000001, cnonce="${CNONCE}", response="${response}", opaque="${OPAQUE}"`,
      )
    })
  }

  test('answers as RFC 7616, 3.9.2 does (its erratum 4897): SHA-512-256 with a name that is hashed', () => {
    const nonce = '5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK'
    const [challenge] = parseChallenges(
      `Digest realm="api@example.org", qop="auth", algorithm=SHA-512-256, nonce="${nonce}", ` +
        'opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS", charset=UTF-8, userhash=true',
    )
    const answer = digestAnswer(
      challenge!,
      { username: 'Jäsøn Doe', password: 'Secret, or not?' },
      {
        method: 'GET',
        uri: '/doe.json',
        count: 1,
        cnonce: 'NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v',
      },
    )
    assert.match(answer, /username="793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b"/)
    assert.equal(responseOf(answer), '3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5')
    assert.match(answer, /userhash=true$/)
  })

  test('answers a server without qop as RFC 2069 does (its erratum 749)', () => {
    const [challenge] = parseChallenges(
      'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"',
    )
    const account = { username: 'Mufasa', password: 'CircleOfLife' }
    const answer = digestAnswer(challenge!, account, { method: 'GET', uri: '/dir/index.html', count: 1, cnonce: '' })
    assert.equal(responseOf(answer), '1949323746fe6a43ef61f9606e7febea')
    assert.doesNotMatch(answer, /qop|nc=|cnonce/)
  })

  test('a name that no quoted text can hold goes in its encoded form', () => {
    const [challenge] = parseChallenges('Digest realm="r", nonce="n"')
    const request = { method: 'GET', uri: '/', count: 1, cnonce: 'c' }
    assert.match(
      digestAnswer(challenge!, { username: 'Jäsøn', password: 'x' }, request),
      /username\*=UTF-8''J%C3%A4s%C3%B8n,/,
    )
    assert.match(digestAnswer(challenge!, { username: 'a"b', password: 'x' }, request), /username="a\\"b"/)
  })
})

test('challenges are read from one line and from several, quoted or not', () => {
  const challenges = parseChallenges('Digest realm="a, \\"b\\"", nonce=xyz,qop="auth", Basic realm="cam", Negotiate')
  assert.deepEqual(challenges, [
    { scheme: 'digest', parameters: { realm: 'a, "b"', nonce: 'xyz', qop: 'auth' } },
    { scheme: 'basic', parameters: { realm: 'cam' } },
    { scheme: 'negotiate', parameters: {} },
  ])
  assert.deepEqual(parseChallenges(''), [])
})

describe('credentials', () => {
  const open = () => new Credentials({ username: 'admin', password: 'p@ss' })
  const digest = (nonce: string, more = '') => `Digest realm="r", nonce="${nonce}", qop="auth"${more}`

  test('say nothing before they are asked, then the best that the server takes', () => {
    const credentials = open()
    assert.equal(credentials.answer('GET', '/'), undefined)
    const all = `Basic realm="r", ${digest('n')}, ${digest('m', ', algorithm=SHA-256')}`
    assert.equal(credentials.challenged(all, false), true)
    assert.match(credentials.answer('GET', '/')!, /^Digest .*nonce="m".*algorithm=SHA-256.*nc=00000001/)
    assert.match(credentials.answer('GET', '/')!, /nc=00000002/)
  })

  test('answer with basic where nothing else is taken', () => {
    const credentials = open()
    assert.equal(credentials.challenged('Basic realm="r"', false), true)
    assert.equal(credentials.answer('GET', '/'), `Basic ${Buffer.from('admin:p@ss').toString('base64')}`)
  })

  test('try again when only the nonce was old, and not when the account was refused', () => {
    const credentials = open()
    credentials.challenged(digest('n1'), false)
    assert.equal(credentials.challenged(digest('n2', ', stale=TRUE'), true), true)
    assert.match(credentials.answer('GET', '/')!, /nonce="n2".*nc=00000001/)
    assert.equal(credentials.challenged(digest('n3'), true), false)
    assert.equal(credentials.challenged(digest('n3', ', stale=true'), true), false)
  })

  test('cannot answer what they do not know', () => {
    const credentials = open()
    for (const header of [
      undefined,
      'Negotiate',
      digest('n', ', algorithm=TIGER'),
      'Digest realm="r", nonce="n", qop="auth-int"',
    ])
      assert.equal(credentials.challenged(header, false), false, header)
  })

  test('are the same for every address of one server and account', () => {
    const of = (url: string) => credentialsFor(new URL(url))
    const credentials = of('rtsp://admin:p%40ss@h:554/1')!
    assert.equal(of('rtsp://admin:p%40ss@h:554/2'), credentials)
    assert.notEqual(of('rtsp://admin:other@h:554/1'), credentials)
    assert.notEqual(of('rtsp://admin:p%40ss@i:554/1'), credentials)
    assert.equal(of('http://h/'), undefined)
    credentials.challenged('Basic realm="r"', false)
    assert.equal(credentials.answer('GET', '/'), `Basic ${Buffer.from('admin:p@ss').toString('base64')}`)
  })
})
