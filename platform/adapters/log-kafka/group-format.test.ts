import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { AssignerProtocol } from 'kafkajs'
import { decodeAssignment, decodeSubscription, encodeAssignment, encodeSubscription } from './group-format.ts'

const { MemberMetadata, MemberAssignment } = AssignerProtocol
const topics = ['events.cameras', 'frames']
const userData = Buffer.from('{"settled":true}')
const partitions = [
  { topic: 'frames', partition: 3 },
  { topic: 'frames', partition: 0 },
  { topic: 'events.cameras', partition: 7 },
]

describe('what the members of a group tell each other', () => {
  test('other clients read what a member subscribes to, and it reads theirs', () => {
    const theirs = MemberMetadata.decode(encodeSubscription({ topics, userData }))
    assert.deepEqual(theirs, { version: 1, topics, userData })
    assert.deepEqual(decodeSubscription(MemberMetadata.encode({ version: 1, topics, userData })), { topics, userData })
  })

  test('other clients read what a member is given, and it reads theirs', () => {
    const assignment = { frames: [3, 0], 'events.cameras': [7] }
    const theirs = MemberAssignment.decode(encodeAssignment({ partitions, userData }))
    assert.deepEqual(theirs, { version: 1, assignment, userData })
    const encoded = MemberAssignment.encode({ version: 1, assignment, userData })
    assert.deepEqual(decodeAssignment(encoded), { partitions, userData })
  })

  test('who was given nothing has nothing', () => {
    assert.equal(decodeAssignment(Buffer.alloc(0)), undefined)
    assert.deepEqual(decodeAssignment(encodeAssignment({ partitions: [], userData }))?.partitions, [])
  })
})
