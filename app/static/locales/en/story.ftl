# Phases (data/story.json).

phase-start = Start
phase-types = Type registration
phase-options = Options
phase-classes = Class init
phase-machine = Machine
phase-backends = Backends
phase-board = Board
phase-create = Device creation
phase-properties = Properties
phase-realize = Realize
phase-plugged = Plugged
phase-finish = Completion
phase-reset = Reset
phase-ready = Ready
phase-command = Command
phase-unplug = Unplug
phase-finalize = Finalize

# The same, where there is little room.
short-start = Start
short-types = Types
short-options = Options
short-classes = Classes
short-machine = Machine
short-backends = Backends
short-board = Board
short-create = New
short-properties = Props
short-realize = Realize
short-plugged = Plug
short-finish = Finish
short-reset = Reset
short-ready = Ready
short-command = Cmd
short-unplug = Unplug
short-finalize = Final
