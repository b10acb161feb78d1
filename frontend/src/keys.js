// Keys: / search, g and a letter go, j k rows, Enter opens, t the table of a chart, ? this list. One can switch them off.
import * as panel from './panel.js'

const list = document.getElementById('keys')
const STORED = 'keys'
const off = () => localStorage.getItem(STORED) === 'off'
const typing = (element) => element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName)
let going = 0

/** Focus the link of the next or the previous row; with the panel open, open it there. */
function row(step) {
  const links = [...document.querySelectorAll('[data-rows] [data-row]')].filter((link) => link.offsetParent !== null)
  const here = panel.isOpen() ? panel.current() : document.activeElement.closest('tr, li')?.querySelector('[data-row]')
  const link = links[Math.min(Math.max(links.indexOf(here) + step, 0), links.length - 1)]
  if (!link) return
  if (panel.isOpen() && link.matches('[data-panel]')) panel.open(link)
  else link.focus()
  link.scrollIntoView({ block: 'nearest' })
}

function chartTable() {
  const near = document.activeElement.closest('[data-chart]') ?? document.querySelector('[data-chart]')
  const table = near?.querySelector('details')
  if (!table) return
  table.open = !table.open
  table.querySelector('summary').focus()
}

/** The field that searches the site: on its page, in the bar, or on a narrow screen behind the link in the menu. */
function search() {
  const field = [...document.querySelectorAll('[data-search]')].find((one) => one.offsetParent !== null)
  if (field) field.select()
  else document.querySelector('[data-search-page]')?.click()
}

const acts = {
  '/': search,
  '?': () => list?.showModal(),
  g: () => { going = Date.now() },
  j: () => row(1),
  k: () => row(-1),
  t: chartTable,
}

function escape() {
  const menu = document.querySelector('details.menu[open]')
  if (menu) { menu.open = false; menu.querySelector('summary').focus() } else if (panel.isOpen() || panel.current()) panel.close()
}

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && !list?.open) return escape()
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target) || off()) return
  if (Date.now() - going < 1500) {
    going = 0
    const link = document.querySelector(`a[data-key="${CSS.escape(event.key)}"]`)
    if (link) { event.preventDefault(); link.click() }
    return
  }
  if (acts[event.key]) { event.preventDefault(); acts[event.key]() }
})

const choice = document.querySelector('[data-keys-off]')
if (choice) {
  choice.checked = !off()
  choice.addEventListener('change', () => localStorage.setItem(STORED, choice.checked ? 'on' : 'off'))
}
document.addEventListener('click', ({ target }) => {
  if (target.closest('[data-keys-list]')) list.showModal()
  if (target === list || target.closest('[data-dialog-close]')) target.closest('dialog')?.close()
})
