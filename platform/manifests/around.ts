import { PodMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor'
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy'
import type { INetworkPolicyEgressRule } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicyEgressRule'
import { ServiceAccount } from 'kubernetes-models/v1/ServiceAccount'
import { DATA_NAMESPACE, edgesOf } from './engines.ts'
import type { Plan } from './plan.ts'
import { labelsOf, PORT } from './pod.ts'

/** Cloud machines hand out their credentials here. */
const METADATA = '169.254.169.254/32'
const MONITORING = 'monitoring'
/** Knative's own: the activator and the dispatcher send requests, to the proxy beside the function. */
const KNATIVE = { namespaces: ['knative-serving', 'knative-eventing'], ports: [8012, 8013, 8022, 9090, 9091] } as const

/** What every function has, wherever it runs: an identity without rights, its figures, and exactly the edges it needs. */
export function aroundOf(plan: Plan): object[] {
  const { name } = plan
  const metadata = { name, labels: labelsOf(name) }
  const selector = { matchLabels: { 'app.kubernetes.io/name': name } }
  return [
    new ServiceAccount({ metadata, automountServiceAccountToken: false }),
    new PodMonitor({ metadata, spec: { selector, podMetricsEndpoints: [{ targetPort: PORT, path: '/metrics' }] } }),
    new NetworkPolicy({
      metadata,
      spec: {
        podSelector: selector,
        policyTypes: ['Ingress', 'Egress'],
        ingress: [
          { from: [namespace(MONITORING)], ports: [{ protocol: 'TCP', port: PORT }] },
          ...(plan.host === 'knative'
            ? [
                {
                  from: KNATIVE.namespaces.map(namespace),
                  ports: KNATIVE.ports.map((port) => ({ protocol: 'TCP' as const, port })),
                },
              ]
            : []),
        ],
        egress: edgesOf(plan.needs).map(egressOf),
      },
    }),
  ]
}

function egressOf({ to, ports }: { to: string; ports: readonly number[] }): INetworkPolicyEgressRule {
  const target =
    to === 'outside'
      ? { ipBlock: { cidr: '0.0.0.0/0', except: [METADATA] } }
      : { ...namespace(DATA_NAMESPACE), podSelector: { matchLabels: { 'app.kubernetes.io/name': to } } }
  return { to: [target], ports: ports.map((port) => ({ protocol: 'TCP', port })) }
}

function namespace(name: string) {
  return { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } }
}
