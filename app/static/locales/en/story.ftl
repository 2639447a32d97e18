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
phase-reset = Reset
phase-ready = Ready
