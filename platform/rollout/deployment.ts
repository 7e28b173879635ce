import type { SentinelError } from '../errors.ts'
import { failing, say } from '../said.ts'

interface Deployed {
  /** sha256 of its file. */
  readonly digest: string
  readonly name: string
}

/** Which models look at the cameras. */
export interface Deployment {
  readonly model: Deployed
  /** Looks at some of the cameras in the model's place. */
  readonly canary?: Deployed & {
    /** Of the cameras, above 0 and below 1. */
    readonly share: number
  }
}

const HEAD = `# Which model looks at the cameras. Sentinel writes this file: a promotion is one commit, a rollback reverts it.
# An overlay takes it in under "components"; the name of the ConfigMap changes with it, so that the Pods start anew.
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
configMapGenerator:
  - name: sentinel-model
    literals:
`

const DIGEST = /^[0-9a-f]{64}$/
const LITERAL = /^\s*-\s*["']?(SENTINEL_[A-Z0-9_]+)=(.*?)["']?\s*$/gm

/** The kustomization that says so: what `sentinel run detect` reads from its environment. */
export function kustomizationOf({ model, canary }: Deployment): string {
  const literals = {
    SENTINEL_MODEL: model.digest,
    SENTINEL_MODEL_URI: uriOf(model.digest),
    SENTINEL_MODEL_NAME: model.name,
    ...(canary && {
      SENTINEL_CANARY: canary.digest,
      SENTINEL_CANARY_URI: uriOf(canary.digest),
      SENTINEL_CANARY_NAME: canary.name,
      SENTINEL_CANARY_SHARE: String(canary.share),
    }),
  }
  const lines = Object.entries(literals).map(([key, value]) => `      - "${key}=${value}"\n`)
  return `${HEAD}${lines.join('')}`
}

/** @throws SentinelError `INPUT_INVALID` that says what a person who changed it by hand must mend. */
export function deploymentIn(text: string | undefined): Deployment {
  const literals = new Map([...(text ?? '').matchAll(LITERAL)].map(([, key, value]) => [key!, value!]))
  const model = deployed(literals, 'SENTINEL_MODEL')
  if (!model) throw unreadable('SENTINEL_MODEL', literals.get('SENTINEL_MODEL'))
  if (!literals.get('SENTINEL_CANARY')) return { model }
  const canary = deployed(literals, 'SENTINEL_CANARY')
  if (!canary) throw unreadable('SENTINEL_CANARY', literals.get('SENTINEL_CANARY'))
  const share = Number(literals.get('SENTINEL_CANARY_SHARE'))
  if (!(share > 0 && share < 1)) throw failing('INPUT_INVALID', say('deployment.noShare', {}))
  return { model, canary: { ...canary, share } }
}

export function isSameDeployment(a: Deployment, b: Deployment): boolean {
  return (
    a.model.digest === b.model.digest && a.canary?.digest === b.canary?.digest && a.canary?.share === b.canary?.share
  )
}

function uriOf(digest: string): string {
  return `s3://sentinel-models/${digest}.onnx`
}

function deployed(literals: ReadonlyMap<string, string>, key: string): Deployed | undefined {
  const digest = literals.get(key)
  if (digest === undefined || !DIGEST.test(digest)) return undefined
  return { digest, name: literals.get(`${key}_NAME`) || digest.slice(0, 12) }
}

function unreadable(key: string, value: string | undefined): SentinelError {
  const said = value === undefined ? say('deployment.missing', { key }) : say('deployment.noDigest', { key, value })
  return failing('INPUT_INVALID', said)
}
