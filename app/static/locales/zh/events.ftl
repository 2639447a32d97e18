# 每类事件一句话。$fn、$obj、$field、$value、$old 是可以点选的名称。

event-none = 还没有发生任何事。
event-none-note = QEMU 即将进入 qemu_init。按 → 前进一步，或按空格播放。
event-end = 机器已就绪，运行到此结束。按 Home 回到开头，再按 → 逐步前进。
event-end-failed = QEMU 在此退出，退出状态为 { $status }。按 ← 后退，查看经过。
event-enter = { $caller } 调用 { $fn }。
event-enter-first = 调用 { $fn }。
event-enter-on = { $caller } 对 { $obj } 调用 { $fn }。
event-enter-with = { $caller } 以 { $value } 调用 { $fn }。
event-exit = { $fn } 返回。
event-return = { $fn } 返回 { $value }。
event-fail = { $fn } 失败：{ $error }
event-new-class = { $type } 的类诞生了，由这些结构组成：{ $structs }。
event-new-object = 一个 { $type } 类型的对象诞生了，由这些结构组成：{ $structs }。
event-new-struct = 分配了一个 { $type }。
event-free = { $obj } 的内存被释放。
event-set = { $obj } 的 { $field } 由 { $old } 变为 { $value }。
event-set-first = { $obj } 的 { $field } 设为 { $value }。
event-set-same = { $obj } 的 { $field } 被设为 { $value }，与原值相同。
event-insert = { $value } 放入 { $obj } 的 { $field }，位置 { $at }。
event-insert-key = { $obj } 的 { $field } 新增“{ $at }”：{ $value }。
event-remove = { $old } 从 { $obj } 的 { $field } 中移除（“{ $at }”）。
event-poke = { $obj } 的 { $field } 中，“{ $at }”由 { $old } 变为 { $value }。
event-poke-bytes = { $count ->
    [1] { $obj } 的 { $field } 中，{ $at } 处的字节由 { $old } 变为 { $value }。
   *[other] { $obj } 的 { $field } 中，自 { $at } 起的 { $count } 个字节由 { $old } 变为 { $value }。
}
event-message = QEMU 输出：{ $text }
