// The side panel: <a href="/contacts/7/" data-panel> opens the content of that page beside the list.
import htmx from 'htmx.org/dist/htmx.esm.js'

const panel = document.getElementById('panel')
let opener = null

export const isOpen = () => panel !== null && !panel.hidden

/** Open the page a link points to in the panel; the link gets the focus back when it closes. */
export async function open(link) {
  opener?.closest('tr')?.removeAttribute('aria-selected')
  opener = link
  link.closest('tr')?.setAttribute('aria-selected', 'true')
  panel.querySelector('[data-panel-page]').href = link.href
  await htmx.ajax('GET', link.href, { target: '#panel-body', swap: 'innerHTML', select: '.page-content' })
  panel.hidden = false
  document.body.classList.add('with-panel')
  const heading = panel.querySelector('h1, h2, h3') ?? panel
  heading.tabIndex = -1
  heading.focus({ preventScroll: true })
}

export function close() {
  panel.hidden = true
  document.body.classList.remove('with-panel')
  opener?.closest('tr')?.removeAttribute('aria-selected')
  opener?.focus()
  opener = null
}

/** The link whose page is in the panel. */
export const current = () => opener

document.addEventListener('click', (event) => {
  if (!panel || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return
  const link = event.target.closest('a[data-panel]')
  if (link) { event.preventDefault(); open(link) }
  if (event.target.closest('[data-panel-close]')) close()
})
