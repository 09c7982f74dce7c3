import { rows, to, tool, whole } from './describe-tool.ts'
import type { CatalogueEntry, ToolEntry } from './entry.ts'

// `@playwright/mcp` 0.0.83 with every capability. Its read-only hints are not followed where a tool writes a file or
// shows cookies.

/** What a page shows, and the tools’ own state. */
const READS = `
  browser_console_messages level all
  browser_network_requests static filter includeStatic requestBody requestHeaders
  browser_network_request index part
  browser_snapshot element ref target depth boxes
  browser_find text regex
  browser_get_config
  browser_route_list
  browser_generate_locator element ref target
  browser_verify_element_visible role accessibleName
  browser_verify_list_visible element ref target items
  browser_verify_text_visible text
  browser_verify_value type element ref target value
  browser_wait_for time text textGone
  browser_annotate
  browser_highlight element ref target style
  browser_hide_highlight element ref target
  browser_video_chapter title description duration
  browser_video_show_actions duration position fontSize
  browser_video_hide_actions
`
/** A click may submit, buy or delete: what it does is the page’s affair. */
const ACTS = `
  browser_click element ref target doubleClick button modifiers
  browser_close
  browser_drag startElement startRef startTarget endElement endRef endTarget
  browser_fill_form fields
  browser_handle_dialog accept promptText
  browser_hover element ref target
  browser_navigate_back
  browser_press_key key
  browser_resize width height
  browser_select_option element ref target values
  browser_type element ref target text submit slowly
  browser_network_state_set state
  browser_unroute pattern
  browser_mouse_click_xy element x y button clickCount delay
  browser_mouse_down button
  browser_mouse_drag_xy element startX startY endX endY
  browser_mouse_move_xy element x y
  browser_mouse_up button
  browser_mouse_wheel deltaX deltaY
  browser_resume step location
  browser_cookie_clear
  browser_cookie_delete name
  browser_cookie_set name value domain path expires httpOnly secure sameSite
  browser_localstorage_clear
  browser_localstorage_delete key
  browser_localstorage_set key value
  browser_sessionstorage_clear
  browser_sessionstorage_delete key
  browser_sessionstorage_set key value
`
/** Sessions of the human’s own accounts. */
const SESSIONS = `
  browser_cookie_get name
  browser_cookie_list domain path
  browser_localstorage_get key
  browser_localstorage_list
  browser_sessionstorage_get key
  browser_sessionstorage_list
`
const FILES = `
  browser_take_screenshot type element ref target fullPage scale
  browser_pdf_save
  browser_start_video size
  browser_stop_video
  browser_start_tracing
  browser_stop_tracing
`

export const PLAYWRIGHT: CatalogueEntry = new Map<string, ToolEntry>([
  ...rows(READS, (plain) => tool([{ kind: 'plain', actions: ['data.read'] }, written(true)], plain)),
  ...rows(ACTS, (plain) => whole(['browser.act'], plain)),
  ...rows(SESSIONS, (plain) => whole(['secret.read'], plain)),
  ...rows(FILES, (plain) => tool([{ kind: 'plain', actions: ['data.read'] }, written(true)], plain)),
  ['browser_navigate', tool([to('url', 'url', ['browser.act'])])],
  [
    'browser_tabs',
    tool(
      [{ kind: 'plain', actions: ['browser.act'] }, to('url', 'url', ['browser.act'], true)],
      'action index',
    ),
  ],
  [
    'browser_file_upload',
    tool([{ kind: 'plain', actions: ['browser.act'] }, to('paths', 'paths', ['file.read'], true)]),
  ],
  [
    'browser_drop',
    tool(
      [{ kind: 'plain', actions: ['browser.act'] }, to('paths', 'paths', ['file.read'], true)],
      'element ref target data',
    ),
  ],
  [
    'browser_evaluate',
    tool(
      [{ kind: 'plain', actions: ['browser.act', 'code.execute'] }, written(true)],
      'function element ref target',
    ),
  ],
  [
    'browser_run_code_unsafe',
    tool(
      [
        { kind: 'plain', actions: ['browser.act', 'code.execute'] },
        to('filename', 'path', ['file.read'], true),
      ],
      'code',
    ),
  ],
  [
    'browser_route',
    whole(['browser.act', 'code.execute'], 'pattern status body contentType headers removeHeaders'),
  ],
  ['browser_storage_state', tool([{ kind: 'plain', actions: ['secret.read'] }, written(true)])],
  [
    'browser_set_storage_state',
    tool([{ kind: 'plain', actions: ['browser.act'] }, to('filename', 'path', ['file.read'])]),
  ],
])

/** The file that a result is kept in. */
function written(optional: boolean): ReturnType<typeof to> {
  return to('filename', 'path', ['file.write'], optional)
}
