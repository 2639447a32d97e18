# One sentence for each kind of event. $fn, $obj, $field, $value, $old hold names that can be selected.

event-none = Nothing has happened yet.
event-none-note = QEMU is about to enter qemu_init. Step forwards with →, or press Space to play.
event-end = The machine stands, and the run ends here. Press Home to begin at the beginning, then → to step.
event-end-failed = QEMU ends here with exit status { $status }. Step back with ← to see how it came to this.
event-enter = { $caller } calls { $fn }.
event-enter-first = { $fn } is called.
event-enter-on = { $caller } calls { $fn } on { $obj }.
event-enter-with = { $caller } calls { $fn } with { $value }.
event-exit = { $fn } returns.
event-return = { $fn } returns { $value }.
event-fail = { $fn } fails: { $error }
event-new-class = The class of { $type } comes into being: { $structs }.
event-new-object = An object of type { $type } comes into being: { $structs }.
event-new-struct = A struct { $type } is allocated.
event-free = The memory of { $obj } is given back.
event-set = { $field } of { $obj } changes from { $old } to { $value }.
event-set-first = { $field } of { $obj } becomes { $value }.
event-set-same = { $field } of { $obj } is set to { $value }, which it was already.
event-insert = { $value } is put into { $field } of { $obj }, at place { $at }.
event-insert-key = { $field } of { $obj } gains “{ $at }”: { $value }.
event-remove = { $old } leaves { $field } of { $obj } (“{ $at }”).
event-poke = In { $field } of { $obj }, “{ $at }” changes from { $old } to { $value }.
event-poke-bytes = { $count ->
    [one] Byte { $at } of { $field } of { $obj } changes from { $old } to { $value }.
   *[other] { $count } bytes from { $at } of { $field } of { $obj } change from { $old } to { $value }.
}
event-message = QEMU prints: { $text }
event-command = The machine is given the command { $text }.
event-answer = The monitor prints: { $text }

# What commands do.

do-device_add = A device is made while the machine runs: created, given its properties and realized, then announced to the guest by the hotplug handler of its bus.
do-device_del = The guest is asked to let the device go. It is taken away only when the guest ejects it, at the latest with a reset.
do-netdev_add = A network backend is made while the machine runs; a card can be joined to it when it is added.
do-netdev_del = A network backend is taken away; the card that it was joined to loses its link.
do-set_link = The link of a network client goes up or down; a card tells its guest by an interrupt.
do-system_reset = The machine is reset: every device in its order, and what was to be unplugged goes now.
do-info = The monitor looks and changes nothing.
do-stop = The processors are stopped.
do-cont = The processors go on.
do-quit = The program ends: it gives back what it holds.
do-host-send = A frame goes out from a network client to its peer, as if it had come in from the host (or from the guest, if the client is a card).
do-host-peer-gone = The program at the other end of a socket goes away.
do-host-with = The simulated host is given something before the program starts: a device, an address in use, a program at the other end of a socket.
do-host-without = Something is missing on the simulated host.
do-host-wait = Time passes, for the guest and for the host.
do-host-peers = Who is at the other end of the sockets.
do-host-peer-come = The program at the other end of a socket comes.
