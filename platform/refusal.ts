import type { ZodError } from 'zod'
import { type ErrorCode, SentinelError } from './errors.ts'
import { type BlanksIn, filled } from './fill.ts'
import { joined, plainly, type Said, say, toldOf } from './said.ts'

/**
 * All that a person can be refused through the API, in English, with the blanks to fill. The dashboard words each by its key
 * in the language of its reader; a test holds its texts to these.
 */
export const REFUSALS = {
  unavailable: ['SERVER_UNAVAILABLE', 'Not available for a moment; try again'],

  cameraGone: ['NOT_FOUND', 'There is no camera {{id}}; it may have been removed meanwhile'],
  cameraName: ['INPUT_INVALID', 'a camera needs a name'],
  nameTooLong: ['INPUT_INVALID', 'a name has at most {{maximum}} characters'],
  nameUnprintable: ['INPUT_INVALID', 'a name has no control characters'],
  cameraSource: ['INPUT_INVALID', 'a camera needs a source, such as rtsp://host/stream'],
  latitude: ['INPUT_INVALID', 'latitude lies between -90 and 90'],
  longitude: ['INPUT_INVALID', 'longitude lies between -180 and 180'],
  heading: ['INPUT_INVALID', 'heading is 0 to below 360 degrees'],
  fpsTooLow: ['INPUT_INVALID', 'fps must be above 0'],
  fpsTooHigh: ['INPUT_INVALID', 'fps is at most {{maximum}}'],
  timeOfDay: ['INPUT_INVALID', 'a time of the day is HH:MM, such as 07:30'],
  windowWithoutDay: ['INPUT_INVALID', 'a window needs a day'],
  timeZone: ['INPUT_INVALID', 'a time zone is a name such as Europe/Berlin'],
  scheduleWithoutWindow: ['INPUT_INVALID', 'a schedule needs a window; leave it out to watch always'],

  sourceMissing: ['SOURCE_REFUSED', 'A camera needs a source, such as rtsp://host/stream'],
  sourceTooLong: ['SOURCE_REFUSED', 'A source may have at most {{most}} characters'],
  sourceNoUrl: ['SOURCE_REFUSED', 'This is not a URL: {{text}}'],
  sourceScheme: ['SOURCE_REFUSED', 'A source starts with rtsp://, rtsps://, http:// or https://, not with {{scheme}}'],
  sourceNoHost: ['SOURCE_REFUSED', 'The source names no host'],
  sourceFile: [
    'SOURCE_REFUSED',
    'Files of this machine may be cameras only through the --cameras file of the operator; give a URL',
  ],

  probesBusy: ['CONFLICT', 'Other sources are being tested. Try again when they are done.'],
  'probe.refused': [
    'SOURCE_UNREADABLE',
    'This address is not allowed here. Ask the operator to add its network to SENTINEL_SOURCE_NETWORKS. ({{detail}})',
  ],
  'probe.unreachable': [
    'SOURCE_UNREADABLE',
    'Nothing answers there. Check the address and the port, and that this machine can reach the camera. ({{detail}})',
  ],
  'probe.not-found': [
    'SOURCE_UNREADABLE',
    'The camera answers, but has nothing at this path. Look its stream’s path up in its manual. ({{detail}})',
  ],
  'probe.unauthorized': [
    'SOURCE_UNREADABLE',
    'User name or password is wrong. Give both in the address: rtsp://user:password@host/path. ({{detail}})',
  ],
  'probe.tls': [
    'SOURCE_UNREADABLE',
    'The camera’s certificate is not trusted. Use rtsp:// or http:// inside your own network, or give it a valid one. ({{detail}})',
  ],
  'probe.timeout': [
    'SOURCE_UNREADABLE',
    'No picture came within {{seconds}} seconds. Check the path, and that not too many others watch this camera. ({{detail}})',
  ],
  'probe.not-video': [
    'SOURCE_UNREADABLE',
    'What is there is no video and no picture. Look the address of its stream up, not that of its page. ({{detail}})',
  ],
  'probe.ended': ['SOURCE_UNREADABLE', 'The source ended before its first picture. ({{detail}})'],
  'probe.crashed': [
    'SOURCE_UNREADABLE',
    'Its pictures could not be read. Choose H.264, H.265 or MJPEG in the camera’s settings. ({{detail}})',
  ],
  'probe.released': ['SOURCE_UNREADABLE', 'The test was given up. Try again. ({{detail}})'],

  catalogueEmpty: ['CATALOGUE_INVALID', 'The catalogue is empty'],
  catalogueUnknown: [
    'CATALOGUE_INVALID',
    'This JSON is no camera catalogue that Sentinel knows: OpenTrafficCamMap, Caltrans CCTV, or a list of {"name", "source", "latitude", "longitude"}',
  ],
  catalogueJson: ['CATALOGUE_INVALID', 'The catalogue is not valid JSON: {{problem}}'],
  catalogueCsv: ['CATALOGUE_INVALID', 'The catalogue is not valid CSV: {{problem}}'],
  catalogueColumns: [
    'CATALOGUE_INVALID',
    'The first line of a CSV catalogue must name its columns; "name" and "source" (or "url") must be among them',
  ],

  zoneGone: ['NOT_FOUND', 'There is no zone {{id}}; it may have been deleted meanwhile'],
  zoneName: ['INPUT_INVALID', 'a zone needs a name'],
  zoneNameTaken: ['CONFLICT', 'This camera has a zone named {{name}} already; choose another name'],
  zoneRoom: ['CONFLICT', 'A camera has at most {{most}} zones; delete one that is not needed'],
  zonePoints: ['INPUT_INVALID', 'a zone has at most {{maximum}} points'],
  pointOutside: ['INPUT_INVALID', 'a point lies inside the picture'],
  areaPoints: ['INPUT_INVALID', 'an area needs three points or more'],
  areaCrosses: ['INPUT_INVALID', 'the edges of an area may not cross'],
  areaTooSmall: ['INPUT_INVALID', 'the area is too small'],
  linePoints: ['INPUT_INVALID', 'a line needs two points or more'],
  lineTooShort: ['INPUT_INVALID', 'the line is too short'],

  itemGone: ['NOT_FOUND', 'There is no triage item {{id}}'],
  judgedAlready: ['CONFLICT', 'This item was {{status}} already. Undo that verdict first, or go on to the next item.'],
  judgedByYou: ['CONFLICT', 'You have judged this item already. A second opinion is another person’s.'],
  notJudged: ['CONFLICT', 'This item has no verdict to undo; somebody may have undone it already.'],
  keyReused: ['INPUT_INVALID', 'This key names the verdict of another item. Take a new UUID for each verdict.'],
  correctionWithoutBoxes: [
    'INPUT_INVALID',
    'A correction needs the boxes: all that are in the frame, or an empty list for none',
  ],
  boxOutside: ['INPUT_INVALID', 'a box must lie in the picture and have a size'],
  unknownClass: ['INPUT_INVALID', '“{{name}}” is no class of the model {{model}}. Choose one of: {{classes}}'],
  goldUnknown: ['NOT_FOUND', '{{id}} is no known item. sentinel triage gold list shows those there are.'],
  goldNotCertified: [
    'CONFLICT',
    'Nobody has certified {{id}}, so its boxes are not known. Judge it first, or give its boxes.',
  ],

  nothingToLearn: ['CONFLICT', 'There is nothing to learn from yet. Confirm or correct frames first.'],
  trainingBusy: ['CONFLICT', 'A training waits or runs already. Wait for it, or cancel it.'],
  trainedAlready: ['CONFLICT', 'On this data the model was trained already. Confirm or correct more frames first.'],
  trainingGone: ['NOT_FOUND', 'There is no training {{id}}'],
  trainingEnded: ['CONFLICT', 'This training has ended already ({{status}}).'],

  modelUnknown: ['NOT_FOUND', 'There is no model {{digest}}. sentinel model list shows those there are.'],
  modelAmbiguous: ['INPUT_INVALID', '{{many}} models begin with {{prefix}}. Give more of the digest.'],
  modelMissing: ['NOT_FOUND', 'There is no model {{digest}}. sentinel model add FILE adds one.'],
  modelRunsAlready: ['CONFLICT', '{{name}} runs already.'],
  modelNotHeld: [
    'CONFLICT',
    '{{name}} is not promoted. It has not been held against the running model. Promote it all the same with force.',
  ],
  modelGatesFailed: [
    'CONFLICT',
    '{{name}} is not promoted. Its gates have failed. Promote it all the same with force.',
  ],
  shareOfCameras: ['INPUT_INVALID', 'The share of the cameras is above 0 and at most 1, such as 0.25.'],
  noEarlierModel: ['CONFLICT', 'There is no earlier model to go back to. Promote the one that should run instead.'],
  otherModelCame: ['CONFLICT', '{{name}} has come meanwhile, so nothing is taken back.'],
  noModelRuns: ['CONFLICT', 'No model runs here yet. Start with one: npm start -- --model FILE.onnx'],
  evaluationGone: ['NOT_FOUND', 'There is no evaluation of model {{digest}}'],
  evaluationEnded: ['CONFLICT', 'This evaluation has ended already ({{status}}).'],
  frameNotKept: ['NOT_FOUND', 'This frame is no longer kept. Reload the page for those that are.'],
} as const satisfies Readonly<Record<string, readonly [code: ErrorCode, text: string]>>

type Reason = keyof typeof REFUSALS
type TextOf<R extends Reason> = (typeof REFUSALS)[R][1]

/** An error that the dashboard words in the language of its reader. */
export function refusal<R extends Reason>(
  reason: R,
  blanks: Readonly<Record<BlanksIn<TextOf<R>>, string | number>>,
  options?: ErrorOptions,
): SentinelError {
  const [code, text] = REFUSALS[reason]
  return new SentinelError(code, filled(text, blanks), { ...options, told: toldOf(reason, blanks) })
}

/** As the message of a schema; `invalidInput` fills its blanks from the bounds of the check that failed. */
export function ruleText(reason: Reason): string {
  return REFUSALS[reason][1]
}

/** All that is wrong with what a person gave, in one English sentence; other languages are told the first of it. */
export function invalidInput({ issues }: ZodError, before = ''): SentinelError {
  const [first] = issues
  const reason = REASON_OF.get(first!.message)
  const told = reason && toldOf(reason, boundsOf(first!))
  return new SentinelError('INPUT_INVALID', `${before}${issuesText(issues)}`, { ...(told && { told }) })
}

/** The same of a row of a catalogue, each problem by name where it has one. */
export function problemsOf({ issues }: ZodError): Said {
  return joined(issues.map(problemOf), '; ')
}

type Issue = ZodError['issues'][number]

function problemOf(issue: Issue): Said {
  const column = issue.path.join('.')
  const reason = REASON_OF.get(issue.message)
  const text = issuesText([issue])
  if (reason) return { text, told: [toldOf(reason, boundsOf(issue))] }
  const expected = issue.code === 'invalid_type' ? issue.expected : undefined
  if (expected === 'number') return say('row.noNumber', { column })
  return expected === 'boolean' ? say('row.noYesOrNo', { column }) : plainly(text)
}

function issuesText(issues: readonly Issue[]): string {
  return issues
    .map((issue) => ({ path: issue.path.join('.'), text: filled(issue.message, boundsOf(issue)) }))
    .map(({ path, text }) => (path === '' ? text : `${path}: ${text}`))
    .join('; ')
}

const REASON_OF: ReadonlyMap<string, Reason> = new Map(
  (Object.keys(REFUSALS) as Reason[]).map((reason) => [REFUSALS[reason][1], reason]),
)

function boundsOf(issue: Issue): Readonly<Record<string, number>> {
  return 'maximum' in issue ? { maximum: Number(issue.maximum) } : {}
}
