import type { CloudEventV1 } from 'cloudevents'
import type { z } from 'zod'
import { SentinelError } from '../errors.ts'
import type { TopicName } from './topics.ts'

/** A CloudEvent 1.0 whose `subject` is always there: it is the key that keeps a camera's or item's events in order. */
export interface SentinelEvent<Data = unknown> extends CloudEventV1<Data> {
  readonly subject: string
  readonly time: string
  readonly data: Data
}

/** What a handler returns: the fact alone. Delivery adds id, source and time, so that a redelivery repeats them. */
export interface Draft<Type extends string = string, Data = unknown> {
  readonly definition: EventDefinition<Type, Data>
  readonly subject: string
  readonly data: Data
  readonly options: DraftOptions
}

export interface DraftOptions {
  /** Names the fact where (source, id, function, index) does not, as for frames: two grabbers never see the same one. */
  readonly id?: string
  /** Extension attributes; names are lower-case letters and digits. */
  readonly attributes?: Readonly<Record<string, string>>
  /** RFC 3339, when the fact is older than its delivery. */
  readonly time?: string
}

export interface EventDefinition<Type extends string = string, Data = unknown> {
  readonly type: Type
  readonly topic: TopicName
  readonly contentType: string
  readonly schema: z.ZodType<Data>
  readonly attributes: z.ZodType | undefined
  of(subject: string, data: Data, options?: DraftOptions): Draft<Type, Data>
}

interface EventOptions {
  readonly contentType?: string
  /** The extension attributes this event must carry. */
  readonly attributes?: () => z.ZodType
}

/**
 * Declares an event: its wire type, the one topic it travels on, and the schema of its data. Schemas are made when the first event is
 * validated: a function knows every event and meets a few, and making the others would be a good part of its cold start.
 */
export function event<const Type extends string, Data>(
  type: Type,
  topic: TopicName,
  schema: () => z.ZodType<Data>,
  { contentType = 'application/json', attributes }: EventOptions = {},
): EventDefinition<Type, Data> {
  let made: z.ZodType<Data> | undefined
  let madeAttributes: z.ZodType | undefined
  const definition: EventDefinition<Type, Data> = {
    type,
    topic,
    contentType,
    get schema() {
      made ??= schema()
      return made
    },
    get attributes() {
      madeAttributes ??= attributes?.()
      return madeAttributes
    },
    of: (subject, data, options = {}) => ({ definition, subject, data, options }),
  }
  return definition
}

/** @throws SentinelError `EVENT_INVALID` that names every field at fault. */
export function validate<Data>(definition: EventDefinition<string, Data>, event: SentinelEvent): SentinelEvent<Data> {
  const checks: [string, z.ZodType | undefined, unknown][] = [
    ['data', definition.schema, event.data],
    ['attributes', definition.attributes, event],
  ]
  const problems = checks.flatMap(([part, schema, value]) => {
    const result = schema?.safeParse(value)
    return result?.error?.issues.map(({ path, message }) => `${[part, ...path].join('.')}: ${message}`) ?? []
  })
  if (problems.length > 0)
    throw new SentinelError('EVENT_INVALID', `${definition.type} is invalid: ${problems.join('; ')}`)
  return event as SentinelEvent<Data>
}
