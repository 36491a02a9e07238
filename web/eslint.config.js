// Which habits are held by the linter? (Sizes: shared style, "UI"; the rest: recommended sets.)
import hooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'

const sizes = {
  'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
  'max-lines-per-function': ['error', { max: 120, skipBlankLines: true, skipComments: true }],
  complexity: ['error', 16],
}

export default tseslint.config(
  { ignores: ['dist', 'dist-mock', 'node_modules', 'src/api/schema.d.ts'] },
  ...tseslint.configs.recommended,
  { rules: sizes },
  {
    files: ['src/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': hooks },
    rules: {
      'react-hooks/rules-of-hooks': 'error',
      'react-hooks/exhaustive-deps': 'error',
      'no-restricted-syntax': [
        'error',
        {
          selector: 'JSXAttribute[name.name="dangerouslySetInnerHTML"]',
          message: 'Text from outside is rendered as text, never as HTML.',
        },
      ],
      'no-eval': 'error',
    },
  },
  {
    files: ['**/*.test.{ts,tsx,mjs}'],
    rules: { 'max-lines-per-function': 'off' },
  },
)
