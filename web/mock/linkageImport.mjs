// Which rows of a file are here already, in the mock's opinion?

export function foundInImport({ pairs, runs }) {
  const n_rows = 5_000
  const has_model = runs.length > 0
  const perhaps = (has_model ? pairs : []).slice(0, 41).map((pair, i) => ({
    ...row(2 + i * 97, 'perhaps'),
    ...{ customer: pair.b, probability: pair.probability, evidence: pair.evidence },
    ...{ band: pair.probability >= 0.9 ? 'link' : 'review', reason: null },
  }))
  const known = pairs.slice(50, 90).map((pair, i) => ({
    ...row(5 + i * 61, 'known'),
    ...{ customer: pair.a, reason: 'same e-mail' },
    ...(i % 8 === 0 ? { double_of_row: 3 + i, double_probability: 1 } : {}),
  }))
  const n_known = known.length
  return {
    ...{ n_rows, n_known, n_perhaps: perhaps.length, n_new: n_rows - n_known - perhaps.length },
    ...{ n_among_known: known.filter((one) => one.double_of_row !== null).length },
    ...{ n_among_perhaps: 0, has_model, rows: [...perhaps, ...known] },
  }
}

const row = (at, match) => ({
  ...{ row: at, match, customer: null, probability: null, band: null, reason: null },
  ...{ evidence: null, double_of_row: null, double_probability: null },
})
