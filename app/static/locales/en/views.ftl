# Views of types, override chains, configuration space and objects.

view-skeleton = Objects, newest first
skeleton-label = { $count } objects
view-types = Types
view-overrides = Who realizes
view-config = Configuration space
view-objects = Objects


## Who realizes

ov-nothing = No class with a realize slot yet: classes come into being while the machine is selected.
ov-label = Classes of { $type }: DeviceClass.realize is { $name }; { $done ->
    [0] the card is never realized in this run
   *[other] { $done } calls through slots in this run
  }
ov-chain-card = The card: { $type }
ov-chain-inner = The device inside it: { $type }
ov-chain-other = To compare: { $type }
ov-order = In which order they are called
ov-no-class = no class yet
ov-copied-then = { $size } B of { $parent }, then
ov-copied-only = { $size } B of { $parent }
ov-copied = copied
ov-was = was
ov-by = by
ov-via = via
ov-failed = failed
ov-would = would be { $number }
ov-ahead = ahead
ov-open = running
ov-done = done
ov-head-slot = Slot
ov-head-function = Function in it
ov-head-old = Instead of
ov-head-by = By
ov-head-event = Event

head-class = Class
