import { KafkaFailure, NO_ANSWER } from '../failure.ts'

const UNKNOWN = 'UNKNOWN_SERVER_ERROR'

/** What the package throws, as far as it matters here. */
interface Thrown {
  readonly code?: string
  readonly message?: string
  /** Kafka's name of what a broker answered. */
  readonly apiId?: string
  readonly serverErrorMessage?: string | null
  readonly errors?: readonly Thrown[]
  readonly cause?: Thrown
}

export function failureOf(error: unknown): KafkaFailure {
  const chain = chainOf(error as Thrown)
  const answers = chain.flatMap(({ errors = [] }) => errors).filter(({ apiId }) => apiId !== undefined)
  // One partition's answer tells of its records too, each without a name.
  const answer = answers.find(({ apiId }) => apiId !== UNKNOWN) ?? answers[0]
  if (answer) return new KafkaFailure(answer.apiId!, error, answer.serverErrorMessage ?? answer.message)
  const last = chain.at(-1)
  const isRefused = chain.some(({ code }) => code === 'PLT_KFK_AUTHENTICATION') && last?.code !== 'PLT_KFK_NETWORK'
  return new KafkaFailure(isRefused ? 'SASL_AUTHENTICATION_FAILED' : NO_ANSWER, error, last?.message || last?.code)
}

function chainOf(error: Thrown | undefined): Thrown[] {
  return error ? [error, ...chainOf(error.cause)] : []
}
