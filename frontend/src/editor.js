// The YAML editor: CodeMirror over the textarea of a draft. The textarea stays the form's field, so saving, conflicts and
// work without this script are one way. Form and text are linked by lines: the outline says which part stands where.
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { yaml } from '@codemirror/lang-yaml'
import { HighlightStyle, bracketMatching, foldGutter, foldKeymap, indentUnit, syntaxHighlighting } from '@codemirror/language'
import { ChangeSet, EditorState, StateEffect, StateField } from '@codemirror/state'
import { Decoration, EditorView, drawSelection, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view'
import { tags } from '@lezer/highlight'

const byId = (id) => document.getElementById(id)
const entries = () => [...document.querySelectorAll('#draft-outline [data-first]')]

// Lines with a problem, as the server lists them.
const marked = StateEffect.define()
const wrongLines = StateField.define({
  create: () => Decoration.none,
  update(value, transaction) {
    for (const effect of transaction.effects) if (effect.is(marked)) return effect.value
    return value.map(transaction.changes)
  },
  provide: (field) => EditorView.decorations.from(field),
})
const line = Decoration.line({ class: 'cm-wrong' })

function markWrong(view) {
  const listed = [...document.querySelectorAll('#draft-state [data-line]')].map((row) => Number(row.dataset.line))
  const numbers = [...new Set(listed)].filter((number) => number > 0 && number <= view.state.doc.lines).sort((a, b) => a - b)
  view.dispatch({ effects: marked.of(Decoration.set(numbers.map((number) => line.range(view.state.doc.line(number).from)))) })
}

const look = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], class: 'cm-name' },
  { tag: tags.comment, class: 'cm-said' },
  { tag: tags.string, class: 'cm-text' },
])

/** What differs between two texts, as one change: the cursor and the history stay where they are. */
function change(before, after) {
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start++
  let end = 0
  while (end < before.length - start && end < after.length - start && before.at(-1 - end) === after.at(-1 - end)) end++
  return { from: start, to: before.length - end, insert: after.slice(start, after.length - end) }
}

/** The innermost part that is written on a line. */
function partAt(number) {
  const found = entries().filter(({ dataset }) => Number(dataset.first) <= number && number <= Number(dataset.last))
  return found.sort((a, b) => (a.dataset.last - a.dataset.first) - (b.dataset.last - b.dataset.first))[0]
}

export default function mount(field, { nonce }) {
  let quiet = false
  let waiting
  // What the server is known to have, and what was typed since: an answer to a form must not take away what it never saw.
  let known = field.value
  let typed = ChangeSet.empty(known.length)
  function follow(view) {
    clearTimeout(waiting)
    waiting = setTimeout(() => {
      const entry = partAt(view.state.doc.lineAt(view.state.selection.main.head).number)
      if (view.hasFocus && entry && entry.dataset.part !== byId('draft-form')?.dataset.part) entry.click()
    }, 500)
  }
  const view = new EditorView({
    doc: field.value,
    extensions: [
      lineNumbers(), foldGutter(), history(), drawSelection(), highlightActiveLine(), bracketMatching(), yaml(), wrongLines,
      indentUnit.of('  '), syntaxHighlighting(look), EditorView.lineWrapping, EditorView.cspNonce.of(nonce),
      EditorState.phrases.of({}), keymap.of([...defaultKeymap, ...historyKeymap, ...foldKeymap]),
      EditorView.contentAttributes.of({ 'aria-labelledby': 'draft-text-head', tabindex: '0' }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) {
          field.value = update.state.doc.toString()
          if (!quiet) {
            typed = typed.compose(update.changes)
            field.dispatchEvent(new Event('input', { bubbles: true }))
          }
        } else if (update.selectionSet) follow(update.view)
      }),
    ],
  })
  field.before(view.dom)
  field.hidden = true
  markWrong(view)
  field.addEventListener('htmx:beforeRequest', () => {
    known = view.state.doc.toString()
    typed = ChangeSet.empty(known.length)
  })

  function goTo(number) {
    if (!number || number > view.state.doc.lines) return
    const at = view.state.doc.line(number).from
    view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: 'start', yMargin: 40 }) })
  }
  document.addEventListener('click', (event) => {
    const wrong = event.target.closest('[data-goto]')
    if (wrong && view.dom.offsetParent) {
      event.preventDefault()
      goTo(Number(wrong.dataset.goto))
      view.focus()
    }
    const entry = event.target.closest('#draft-outline [data-first]')
    if (entry && !view.hasFocus) goTo(Number(entry.dataset.first))
  })
  document.addEventListener('htmx:afterSettle', () => {
    const fresh = byId('draft-fresh')
    if (fresh?.dataset.text !== undefined) {
      const theirs = ChangeSet.of([change(known, fresh.dataset.text)], known.length)
      quiet = true
      view.dispatch({ changes: theirs.map(typed) })
      quiet = false
      typed = typed.map(theirs, true)
      known = fresh.dataset.text
      delete fresh.dataset.text
    }
    markWrong(view)
  })
}
