/** Who may reach whom under a set of NetworkPolicies, as the specification of networking.k8s.io/v1 says; ports of TCP alone. */

export interface Pod {
  readonly namespace: string
  readonly labels: Readonly<Record<string, string>>
}

interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>
  readonly matchExpressions?: readonly { key: string; operator: string; values?: readonly string[] }[]
}

interface Peer {
  readonly namespaceSelector?: Selector
  readonly podSelector?: Selector
  readonly ipBlock?: { readonly cidr: string }
}

interface Rule {
  readonly from?: readonly Peer[]
  readonly to?: readonly Peer[]
  readonly ports?: readonly { readonly protocol?: string; readonly port: number }[]
}

export interface Policy {
  readonly metadata: { readonly name: string; readonly namespace: string }
  readonly spec: {
    readonly podSelector: Selector
    readonly policyTypes: readonly string[]
    readonly ingress?: readonly Rule[]
    readonly egress?: readonly Rule[]
  }
}

/** Whether both ends let a connection through. Somebody outside of the cluster is no Pod. */
export function mayReach(policies: readonly Policy[], from: Pod, to: Pod | 'outside', port: number): boolean {
  const leaves = lets(policies, 'Egress', from, to, port)
  return leaves && (to === 'outside' || lets(policies, 'Ingress', to, from, port))
}

function lets(policies: readonly Policy[], way: 'Ingress' | 'Egress', pod: Pod, other: Pod | 'outside', port: number) {
  const mine = policies.filter(
    ({ metadata, spec }) =>
      metadata.namespace === pod.namespace && spec.policyTypes.includes(way) && matches(spec.podSelector, pod.labels),
  )
  if (mine.length === 0) return true
  const rules = mine.flatMap(({ spec }) => (way === 'Ingress' ? spec.ingress : spec.egress) ?? [])
  return rules.some(
    ({ from, to, ports }) =>
      (ports?.some((one) => one.port === port && (one.protocol ?? 'TCP') === 'TCP') ?? true) &&
      ((from ?? to)?.some((peer) => isPeer(peer, other, pod.namespace)) ?? true),
  )
}

function isPeer({ namespaceSelector, podSelector, ipBlock }: Peer, other: Pod | 'outside', namespace: string): boolean {
  if (ipBlock) return other === 'outside'
  if (other === 'outside') return false
  const near = namespaceSelector
    ? matches(namespaceSelector, { 'kubernetes.io/metadata.name': other.namespace })
    : other.namespace === namespace
  return near && matches(podSelector ?? {}, other.labels)
}

function matches({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Pod['labels']): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      if (operator === 'In') return values.includes(labels[key] ?? '')
      throw new Error(`${operator} is not known here`)
    })
  )
}
