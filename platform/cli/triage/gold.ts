import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { systemClock } from '../../adapters/system-clock.ts'
import { messageOf, SentinelError } from '../../errors.ts'
import { LabelledBox } from '../../events/frame.ts'
import { problemsOf } from '../../refusal.ts'
import { addGold, type GoldItem, listGold, removeGold } from '../../triage/gold.ts'
import { ERRORS, type Payload, succeeded } from '../api.ts'
import { onDataDirectory } from '../data-place.ts'
import { type PlaceFlags, printJson } from '../models/place.ts'

/** Who did it where no Sentinel runs that knows its users. */
const OPERATOR = 'operator'
const FIELDS = 'itemId addedBy addedAt boxes { class x y width height }'

interface Known {
  readonly item: string
  readonly boxes: number
  readonly by: string
  /** RFC 3339 */
  readonly at: string
}

export async function add(item: string, flags: PlaceFlags & { readonly boxes?: string }): Promise<void> {
  const boxes = flags.boxes === undefined ? undefined : await boxesIn(flags.boxes)
  const known = await onDataDirectory(flags.dataDir, process.env, {
    running: async (ask) => {
      const query = `mutation ($input: AddGoldItemInput!) { addGoldItem(input: $input) { item { ${FIELDS} } ${ERRORS} } }`
      const input = { itemId: item, boxes: boxes?.map(asInput) }
      return asked(succeeded((await ask<{ addGoldItem: GoldPayload }>(query, { input })).addGoldItem).item)
    },
    stopped: async ({ database }) =>
      stored(await addGold({ database, clock: systemClock }, { itemId: item, boxes, by: OPERATOR })),
  })
  tell(flags, known, `${known.item} is hidden among the others with ${known.boxes} known boxes.`)
}

export async function list(flags: PlaceFlags): Promise<void> {
  const items = await onDataDirectory(flags.dataDir, process.env, {
    running: async (ask) =>
      (await ask<{ goldItems: readonly Answered[] }>(`{ goldItems { ${FIELDS} } }`, {})).goldItems.map(asked),
    stopped: async ({ database }) => (await listGold(database)).map(stored),
  })
  const lines = items.map(({ item, boxes, by, at }) => `${item}  ${boxes} boxes, by ${by} at ${at}`)
  tell(flags, items, lines.join('\n') || 'There are none. sentinel triage gold add ITEM hides one.')
}

export async function remove(item: string, flags: PlaceFlags): Promise<void> {
  const known = await onDataDirectory(flags.dataDir, process.env, {
    running: async (ask) => {
      const query = `mutation ($item: ID!) { removeGoldItem(itemId: $item) { item { ${FIELDS} } ${ERRORS} } }`
      return asked(succeeded((await ask<{ removeGoldItem: GoldPayload }>(query, { item })).removeGoldItem).item)
    },
    stopped: async ({ database }) => stored(await removeGold(database, item)),
  })
  tell(flags, known, `${known.item} is an item like any other again.`)
}

interface Answered {
  readonly itemId: string
  readonly addedBy: string
  readonly addedAt: string
  readonly boxes: readonly unknown[]
}

type GoldPayload = Payload & { readonly item: Answered }

function asked({ itemId, addedBy, addedAt, boxes }: Answered): Known {
  return { item: itemId, boxes: boxes.length, by: addedBy, at: addedAt }
}

function stored({ item_id, added_by, added_at, boxes }: GoldItem): Known {
  return { item: item_id, boxes: boxes.length, by: added_by, at: added_at.toISOString() }
}

function asInput({ class: name, box: [x, y, width, height] }: LabelledBox) {
  return { class: name, x, y, width, height }
}

/** @throws SentinelError `INPUT_INVALID` that says what is wrong with the file. */
async function boxesIn(file: string): Promise<LabelledBox[]> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new SentinelError('INPUT_INVALID', `Cannot read ${file}: ${messageOf(cause)}. Check the path.`, { cause })
  })
  const { data, error } = z.array(LabelledBox).safeParse(parsed(text, file))
  if (data) return data
  throw new SentinelError('INPUT_INVALID', `The boxes in ${file} cannot be taken: ${problemsOf(error)}`)
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new SentinelError('INPUT_INVALID', `${file} is no JSON: ${messageOf(cause)}`, { cause })
  }
}

function tell({ json }: PlaceFlags, data: unknown, text: string): void {
  if (json) printJson(data)
  else process.stdout.write(`${text}\n`)
}
