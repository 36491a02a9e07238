// What does every kind of condition get to draw its sentence?
export interface CriterionProps<Kind> {
  criterion: Kind
  /** It stands under "not". */
  denied: boolean
  onChange: (criterion: Kind) => void
}
