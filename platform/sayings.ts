/**
 * All that Sentinel says of itself, in English, with the blanks to fill: `{{name}}`, or `{{name, format}}` for a number. The
 * dashboard words each by its key in the language of its reader; a test holds its texts to these.
 */
export const SAYINGS = {
  plain: '{{text}}',

  'health.noModel':
    'There is no detector, so nothing is detected. Start with --model FILE.onnx (and --names FILE for its classes).',
  'health.noCamera': 'No camera is switched on. Add one under Cameras, or start with --cameras FILE.',
  'health.starting': '{{name}} is starting.',
  'health.stopping': 'It is stopping.',
  'health.retries': '{{name}} tries again and again:',
  'health.database':
    'The database does not answer; it is tried again. See that PostgreSQL runs and its disk has room. ({{detail}})',
  'health.replica':
    'The read replica does not answer; history is not shown until it does. See that this PostgreSQL runs. ({{detail}})',
  'health.log':
    'The log takes no events; it is tried again. See that its disk has room, or that its broker runs. ({{detail}})',
  'health.objects':
    'The object store does not answer; it is tried again. See that its disk has room, or that its server runs. ({{detail}})',
  'health.video': 'No camera can be read now; each is tried again. See what the log of the server says. ({{detail}})',
  'health.media':
    'The media server does not answer; the grid goes on without it. See that MediaMTX runs and SENTINEL_MEDIA is right. ({{detail}})',
  'health.model': 'The model does not run; the next picture tries it again. ({{detail}})',

  'row.unnamed': 'nothing tells this camera from others: give it an id or a name',
  'row.unprintable': 'an id has no control characters',
  'row.twice': 'the same camera as row {{row}} ({{id}})',
  'row.noNumber': '{{column}} is no number',
  'row.noYesOrNo': '{{column}} is neither true nor false',

  'doubt.score': '{{name}} with a score of only {{score, whole}}',
  'doubt.classes': '{{name}} ({{score, whole}}) or {{other}} ({{otherScore, whole}})',
  'doubt.flicker': '{{name}} turns into {{others}} and back',

  'gate.fewHeldOut': 'Only {{pictures}} certified pictures are held out, fewer than {{least}}.',
  'gate.fewBoxesOf': 'Only {{boxes}} boxes of {{name}} are held out, fewer than {{least}}.',
  'gate.fewBoxesBy': 'Only {{boxes}} boxes by {{light}} are held out, fewer than {{least}}.',
  'gate.precision': 'AP50 on {{pictures}} held-out pictures: {{running, percent}} → {{candidate, percent}}.',
  'gate.precisionFell':
    'AP50 on {{pictures}} held-out pictures: {{running, percent}} → {{candidate, percent}}, a fall of more than {{limit, percent}}.',
  'gate.precisionOf': 'AP50 of {{name}}: {{running, percent}} → {{candidate, percent}}.',
  'gate.precisionOfFell':
    'AP50 of {{name}}: {{running, percent}} → {{candidate, percent}}, a fall of more than {{limit, percent}}.',
  'gate.precisionBy': 'AP50 by {{light}}: {{running, percent}} → {{candidate, percent}}.',
  'gate.precisionByFell':
    'AP50 by {{light}}: {{running, percent}} → {{candidate, percent}}, a fall of more than {{limit, percent}}.',
  'gate.fewEarlier': 'There were only {{pictures}} earlier pictures.',
  'gate.agreesEarlier':
    'It agrees with the running model on {{share, percent}} of the boxes in {{pictures}} earlier pictures.',
  'gate.agreesEarlierLess':
    'It agrees with the running model on {{share, percent}} of the boxes in {{pictures}} earlier pictures, less than {{limit, percent}}.',
  'gate.fewLive': 'There were only {{pictures}} live frames.',
  'gate.agreesLive': 'It agrees with the running model on {{share, percent}} of the boxes in {{pictures}} live frames.',
  'gate.agreesLiveLess':
    'It agrees with the running model on {{share, percent}} of the boxes in {{pictures}} live frames, less than {{limit, percent}}.',
  'gate.noLatency': 'The time a picture could not be measured.',
  'gate.latency': "The time a picture is {{times, fine}} times the running model's.",
  'gate.latencyMore': "The time a picture is {{times, fine}} times the running model's, more than {{limit, fine}}.",
  'gate.noSize': 'The size of its file could not be measured.',
  'gate.size': "The size of its file is {{times, fine}} times the running model's.",
  'gate.sizeMore': "The size of its file is {{times, fine}} times the running model's, more than {{limit, fine}}.",
  'gate.fewJudged':
    'People found one of the two right in only {{judged}} of the frames on which they disagree, fewer than {{least}}.',
  'gate.preferred': 'People found it right in {{candidate}} of {{judged}} frames on which the two disagree.',
  'gate.preferredLess':
    'People found it right in {{candidate}} of {{judged}} frames on which the two disagree, less than {{limit, percent}}.',
  'gate.nothingCompared':
    'Nothing could be compared: no picture is held out and no camera shows a live one. Judge more frames or switch a camera on, then evaluate it again.',
  cancelled: '{{by}} cancelled it',

  'rollout.start': 'The model that Sentinel was started with.',
  'rollout.byHand': 'Promoted by hand.',
  'rollout.backByHand': 'Taken back by hand.',
  'rollout.gatesPassed': 'All of its gates passed.',
  'rollout.gatesFail': 'Its gates fail after all.',
  'rollout.canaryDidWell': 'As a canary it did well.',
  'rollout.isWatched': 'It is being watched.',
  'rollout.fewFrames': 'It has seen only {{frames}} frames.',
  'rollout.nothingWorse': 'Nothing turned worse in {{seconds}} s.',
  'rollout.silent': 'For {{seconds}} s it has answered no frame of cameras that show pictures.',
  'rollout.fewerBoxes': 'It finds {{now, fine}} boxes a frame where the model before it found {{before, fine}}.',
  'rollout.moreBoxes': 'It finds {{now, fine}} boxes a frame where the model before it found only {{before, fine}}.',
  'rollout.slower': 'It takes {{now, fine}} ms a picture where the model before it took {{before, fine}} ms.',
  'rollout.fewerFrames':
    'It answers {{now, fine}} frames a second of a camera where it was {{before, fine}}: it fails on the others.',
  'rollout.rejected': 'People rejected {{rejected}} of the {{verdicts}} frames of its that they judged.',
  'rollout.cannotRun': 'It cannot be run:',
  'rollout.beforeGoesOn': 'The model before it goes on.',

  'deployment.missing': '{{key}} in the deployment’s repository is missing. Correct it there.',
  'deployment.noDigest':
    '{{key}} in the deployment’s repository is "{{value}}", no sha256 of 64 hex digits. Correct it there.',
  'deployment.noShare':
    'SENTINEL_CANARY_SHARE in the deployment’s repository is no number between 0 and 1. Correct it there.',
  'git.waits': 'Changes wait for the Git remote {{url}}: {{detail}}. What runs here goes on, and it is tried again.',
  'git.login':
    'Changes wait for the Git remote {{url}}: it does not take the login ({{status}}); put one that may push into SENTINEL_GIT_REMOTE, as https://user:token@host/…. What runs here goes on, and it is tried again.',
  'git.gone':
    'Changes wait for the Git remote {{url}}: there is no repository, or the login may not see it (404); correct SENTINEL_GIT_REMOTE. What runs here goes on, and it is tried again.',
  'git.answers':
    'Changes wait for the Git remote {{url}}: it answers {{status}}. What runs here goes on, and it is tried again.',
  'git.refused':
    'Changes wait for the Git remote {{url}}: it refuses the push ({{detail}}); allow it there. What runs here goes on, and it is tried again.',
  'git.silent':
    'Changes wait for the Git remote {{url}}: nothing answers there ({{detail}}); check the address and the network. What runs here goes on, and it is tried again.',
  'git.setAside':
    'Somebody else changed in the Git remote what is to run, while a change was made here too. Theirs counts; the one made here is kept as {{ref}}. Promote again what should run.',

  'training.pictures': '{{count}} new pictures',
  'training.picturesBy': '{{count}} new pictures by {{light}}',
  'training.boxesOf': '{{count}} new boxes of {{name}}',
  'training.rejected':
    '{{count}} new pictures, and {{rejected}} of the last {{verdicts}} frames of the running model rejected',
  'training.waited': '{{count}} new pictures that have waited for {{hours}} hours',
  'training.asked': 'asked for',
  'training.waitsToBeStored': 'It is taught and waits to be stored.',
  'training.nobodyTeachesFull':
    'Nothing here teaches by FULL. Take it to a machine with a GPU: npm run sentinel -- train full FOLDER. Or let Jobs do it, and set SENTINEL_TRAIN_FULL=jobs: docs/learning.md.',
  'training.scriptEnded': '{{script}} ended with {{status}}; its last words are in its log.',
  'training.noBox': 'No box of this dataset can be learnt: none is of a class of the model.',
  'training.notSoDeeply':
    'This model cannot be taught so deeply here: {{detail}}. Teach its last layers only (method “last”).',
  'training.unlike':
    'This model cannot be taught here: {{detail}}. Models that end as YOLOX does can, such as Sentinel’s own, and exports that end as YOLOv5 (v5, v7) or YOLOv8 (v5u, v8, v9, v10, v11).',

  'model.fileGone': 'The file of model {{digest}} is gone. Add the model again.',
  'model.fileDamaged': 'The stored file of model {{digest}} is damaged. Add the model again.',
  'model.cardDamaged': 'The description of model {{digest}} is damaged ({{detail}}). Add the model again.',
  'model.cutOff': 'This ONNX model is cut off after {{bytes}} bytes. Copy or download it again.',
  'model.inPieces': 'This ONNX model keeps its weights in another file. Export it as one file.',
  'model.noOnnx': 'This is not an ONNX model ({{detail}}). Give a file exported as ONNX.',
  'model.unfit': '{{file}} cannot be used as a detector: {{detail}}.',
  'dataset.gone': 'There is no dataset {{digest}}. sentinel dataset list shows those there are.',
  'dataset.damaged':
    'The stored dataset {{digest}} is damaged: its bytes are not those of its digest. Restore it from a backup.',
  'dataset.otherForm': 'Dataset {{digest}} is of another form: {{detail}}',
  'dataset.pictureGone': 'The picture {{digest}} of the dataset is gone. Restore it.',
  'dataset.pictureDamaged': 'The picture {{digest}} of the dataset is damaged. Restore it.',
} as const satisfies Readonly<Record<string, string>>
