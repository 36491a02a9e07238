// Which pictures of answers are there?
export { AnswerView } from './AnswerView'
export { csvOf } from './csv'
export { pictureOf, saveFile } from './files'
export { localDay, Marks, type Mark } from './marks'
export { summaryOf } from './summary'
export {
  looksOf,
  lookOf,
  type AnswerViewProps,
  type Chart,
  type Look,
  type OnPoint,
  type Picked,
} from './types'
