// How do Mantine's controls take on our tokens?
import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core'

const teal: MantineColorsTuple = [
  '#e2f0ee',
  '#c6e2de',
  '#a9d0cb',
  '#7fb3ad',
  '#4f9891',
  '#2a827a',
  '#14746d',
  '#0c615c',
  '#094f4b',
  '#073c39',
]

const veil = { color: '#171614', backgroundOpacity: 0.36 }

const field = { styles: { label: { marginBottom: 4, fontWeight: 500 } } }

export const theme = createTheme({
  primaryColor: 'teal',
  primaryShade: { light: 7, dark: 6 },
  colors: { teal },
  fontFamily: 'var(--font-sans)',
  fontFamilyMonospace: 'var(--font-mono)',
  fontSizes: {
    xs: 'var(--size-12)',
    sm: 'var(--size-13)',
    md: 'var(--size-14)',
    lg: 'var(--size-16)',
    xl: 'var(--size-20)',
  },
  spacing: { xs: '4px', sm: '8px', md: '16px', lg: '24px', xl: '32px' },
  defaultRadius: 'var(--radius)',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'sm' } },
    TextInput: { defaultProps: { size: 'sm', ...field } },
    PasswordInput: { defaultProps: { size: 'sm', ...field } },
    NumberInput: { defaultProps: { size: 'sm', ...field } },
    Textarea: { defaultProps: { size: 'sm', ...field } },
    Select: {
      defaultProps: { size: 'sm', allowDeselect: false, checkIconPosition: 'right', ...field },
    },
    Checkbox: { defaultProps: { size: 'sm' } },
    Switch: { defaultProps: { size: 'sm', withThumbIndicator: false } },
    Tabs: { defaultProps: { keepMounted: false } },
    Tooltip: { defaultProps: { openDelay: 300, withArrow: false } },
    Popover: { defaultProps: { shadow: 'md', withinPortal: true } },
    Menu: { defaultProps: { shadow: 'md' } },
    Modal: { defaultProps: { overlayProps: veil, transitionProps: { duration: 120 } } },
    ModalOverlay: { defaultProps: veil },
    Drawer: { defaultProps: { overlayProps: veil, transitionProps: { duration: 160 } } },
  },
})

const shared = {
  '--mantine-color-body': 'var(--raised)',
  '--mantine-color-text': 'var(--ink)',
  '--mantine-color-dimmed': 'var(--ink-2)',
  '--mantine-color-placeholder': 'var(--ink-3)',
  '--mantine-color-anchor': 'var(--accent)',
  '--mantine-color-default': 'var(--raised)',
  '--mantine-color-default-hover': 'var(--hover)',
  '--mantine-color-default-color': 'var(--ink)',
  '--mantine-color-default-border': 'var(--line-strong)',
  '--mantine-color-error': 'var(--bad)',
  '--mantine-color-teal-filled': 'var(--accent-fill)',
  '--mantine-color-teal-filled-hover': 'var(--accent-fill-hover)',
  '--mantine-color-teal-light': 'var(--accent-soft)',
  '--mantine-color-teal-light-hover': 'var(--accent-line)',
  '--mantine-color-teal-light-color': 'var(--accent)',
  '--mantine-color-teal-outline': 'var(--accent)',
  '--mantine-color-disabled': 'var(--sunken)',
  '--mantine-color-disabled-color': 'var(--ink-3)',
  '--mantine-color-disabled-border': 'var(--line)',
  '--mantine-shadow-md': 'var(--shadow-float)',
  '--mantine-line-height': '1.5',
}

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: shared,
  dark: shared,
})
