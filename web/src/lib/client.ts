import { cacheExchange } from '@urql/exchange-graphcache'
import { createClient as createSocket, type Sink } from 'graphql-ws'
import { Client, fetchExchange, subscriptionExchange } from 'urql'
import { personName } from './person.ts'

const socket = createSocket({
  url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`,
  retryAttempts: Number.POSITIVE_INFINITY,
  shouldRetry: () => true,
})

/** Whatever was told while the socket was down is asked for again. */
export function onReconnect(work: () => void): () => void {
  return socket.on('connected', (_socket, _payload, isRetry) => {
    if (isRetry) work()
  })
}

/** How the socket of the subscriptions is. */
export const socketEvents = {
  onLost(work: () => void): () => void {
    return socket.on('closed', (event) => {
      if (!(event as CloseEvent).wasClean) work()
    })
  },
}

const subscriptions = subscriptionExchange({
  forwardSubscription: ({ query, variables }) => ({
    subscribe: (sink) => ({
      unsubscribe: socket.subscribe(
        { query: query ?? '', variables: variables as Record<string, unknown> },
        // Nothing that is subscribed to here has an end, so one means that the server goes away.
        { ...(sink as never as Sink), complete: () => sink.error(new Error('The server ended the subscription')) },
      ),
    }),
  }),
})

/** Under whose name things are done here. */
const fetchOptions = (): RequestInit => {
  const name = personName()
  return name === '' ? {} : { headers: { 'x-sentinel-name': encodeURIComponent(name) } }
}

export const client = new Client({
  url: '/graphql',
  fetchOptions,
  preferGetMethod: false,
  exchanges: [
    cacheExchange({
      keys: {
        Box: () => null,
        PageInfo: () => null,
        StageTimings: () => null,
        HealthPart: () => null,
        Health: () => null,
        DashboardSettings: () => null,
        UserError: () => null,
        Blank: () => null,
        RejectedRow: () => null,
        FunctionLag: () => null,
        CameraSchedule: () => null,
        Playback: () => null,
        WatchWindow: () => null,
        SourceProbe: () => null,
        Point: () => null,
        TrainingProgress: () => null,
        TrainingMetrics: () => null,
        DatasetShare: () => null,
        DatasetBox: () => null,
        DatasetPicture: () => null,
        DatasetDifference: () => null,
        ModelLineage: () => null,
        ModelEvaluation: () => null,
        EvaluationGate: () => null,
        EvaluationComparison: () => null,
        GoldItem: () => null,
        ModelGeneration: () => null,
        ModelTeaching: () => null,
      },
    }),
    fetchExchange,
    subscriptions,
  ],
})

/** Keeps nothing: for long lists, which hold themselves what they show and must not be held for ever. */
export const plainClient = new Client({
  url: '/graphql',
  preferGetMethod: false,
  exchanges: [fetchExchange, subscriptions],
})
