# The page: commands, panes, dialogs, notices.

command-line = QEMU command line
scenarios = Examples
run = Run
starting = Starting…
welcome = Type a QEMU command line above and run it, or pick an example.
before-run = Run a command line to see what QEMU does with it, step by step.
sentence = What just happened
layouts = Layouts
search = Search the run
search-hint = Search: name, or fn: type: field: obj: kind: byte:
no-hits = nothing found
level = Step by
level-phase = Phase
level-milestone = Milestone
level-function = Function
level-event = Everything
speed = Speed
per-second = { $speed } / s
of-events = of { $total }
continue = Continue
printed = QEMU printed
ended = QEMU ended with exit status { $status }
connection-lost = The connection was lost; what arrived is kept and the rest will follow.
monitor = Monitor
monitor-line = Command for the machine
monitor-hint = Type a command for the machine: device_add, device_del, set_link, info network, …
monitor-busy = The run goes on…
monitor-gone = QEMU has ended: no machine takes commands.
monitor-printed = What the monitor printed
monitor-examples = Ready commands
not-modelled = not modelled
theme = Theme
theme-light = Light theme
theme-dark = Dark theme
theme-projector = Projector theme
theme-as-shown = as shown
save = Save or copy
save-view = Save or copy: { $view }
as-table = Show as a table
as-drawing = Show as a drawing
grow = Fill the page
shrink = Back to all panes
copy-as = Copy as { $form }
form-markdown = Markdown
form-tree = indented text
form-mermaid = Mermaid
form-dot = DOT (Graphviz)
form-d2 = D2
form-plantuml = PlantUML
form-python = Python source
depth = level { $level }
changed-here = (changed in this step)

# Layouts
layout-overview = Overview
layout-calls = Calls
layout-types = Types
layout-realize = Realize order
layout-config = Config space
layout-objects = Objects
layout-projector = Projector

# Groups of commands
group-step = Step
group-go = Go
group-find = Find
group-page = Page
group-show = Show

command-forward = Step forwards
command-back = Step back
command-into = Into the next call
command-over = Over this call
command-out = Out of this call
command-into-back = Into, backwards
command-over-back = Over, backwards
command-out-back = Out, backwards
command-play = Play or pause
command-faster = Faster
command-slower = Slower
command-first = To the beginning
command-last = To the end
command-go-to = Go to an event by its number
command-next-phase = Next phase
command-previous-phase = Previous phase
command-next-milestone = Next milestone
command-previous-milestone = Previous milestone
command-next-change = Next change of what is selected
command-previous-change = Previous change of what is selected
command-next-hit = Next search hit
command-previous-hit = Previous search hit
command-continue = On to the next breakpoint
command-continue-back = Back to the previous breakpoint
command-search = Search
command-break-here = Break on what is selected, or on this function
command-breakpoints = Breakpoints
command-select-call = Select what this step is about
command-clear = Clear the selection
command-run = Run the command line
command-edit = Edit the command line
command-scenarios = Pick an example
command-monitor = Type a command for the machine
command-monitor-log = Show or hide what the monitor printed
command-undo-command = Take the last command for the machine back
command-palette = Everything: commands, functions, types
command-keys = Keyboard
command-language = 中文
command-copy-link = Copy a link to this very step
command-save-file = Save this run as one HTML file
command-reconnect = Reconnect now
command-theme = Next theme

# Dialogs
dialog-palette = Commands, functions and types
dialog-keys = Keyboard
dialog-breakpoints = Breakpoints
dialog-scenarios = Examples
dialog-pages = Steps as pages
pages = Steps as pages (PDF)…
pages-hint = One page for each step, with its sentence and the drawing “{ $view }”; at most { $most } pages. Choose “Save as PDF” as the printer.
pages-from = From event
pages-to = to event
pages-print = Print
palette-hint = Type a command, function or type…
clicker-hint = A presenter's clicker works too: its two buttons are Page Up and Page Down.
breakpoints-hint = “Continue” (c, backwards C) stops at events that match one of these. Write them like a search: fn:virtio_pci_realize, type:virtio-net-pci, field:DeviceClass.realize, byte:0x34.
breakpoint = Breakpoint
add = Add
remove = Remove

# Notices
notice-link-moved = This run has no such step; the nearest one is shown.
notice-file = This file holds one run; start qomscope to run others.
notice-making-file = Making the file…
notice-copied = Copied.
notice-no-next = There is none after this step.
notice-no-previous = There is none before this step.
notice-no-link = This file holds no qomscope picture.

# What is selected
nothing-selected = Click anything with a name, a field or a byte to see its value now and everything that ever changed it. Double-click a call to go there.
selected-object = Object
selected-class = Class
selected-field = Field
selected-byte = Byte
selected-call = Call
selected-function = Function
selected-type = Type
of = of
freed = freed
all-zero = nothing was written yet: all zero
not-yet = does not exist yet at this step
never-written = (never written)
arguments = arguments
result = result
caller = called by
written-by = { $count ->
    [one] Changed once
   *[other] Changed { $count } times
}
calls-of = { $count ->
    [one] Called once, by
   *[other] Called { $count } times, by
}
shown-of = { $shown } of { $count } are shown, round the present step

# Panes of the page
view-step = Changed in this step
step-none = This step changed no field.
step-more = { $count } earlier changes of this step are not shown.
view-inspector = Selection
view-timeline = Timeline
view-calls = Calls
view-stack = Call stack
view-source = Emulated source
timeline-label = Timeline: event { $at } of { $total }, phase { $phase }
phase-resumed = (goes on)
calls-label = Call tree, { $depth } calls deep in { $fn }
stack-label = Call stack of { $depth } calls
source-label = { $module }, line { $line }, in { $fn }
source-none = No function is running.
source-loading = Loading { $module }…
source-missing = The source of { $module } cannot be shown.
head-phase = Phase
head-first-event = First event
head-events = Events
head-function = Function
head-calls = On what
head-qemu = QEMU
head-arguments = Arguments
head-line = Line
head-source = Source
head-object = Object
head-type = Type
