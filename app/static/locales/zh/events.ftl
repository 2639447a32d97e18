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
event-command = 向机器下达命令 { $text }。
event-answer = 监视器输出：{ $text }

# 各命令的作用。

do-device_add = 在机器运行时创建一个设备：先创建，再设置属性并具现化，最后由其总线的热插拔处理者通知客户机。
do-device_del = 请求客户机放开该设备。要等客户机弹出它（最迟到复位时）才真正移除。
do-netdev_add = 在机器运行时创建一个网络后端；之后添加网卡时可与它相连。
do-netdev_del = 移除一个网络后端；与之相连的网卡随之断开链路。
do-set_link = 网络客户端的链路接通或断开；网卡以中断告知客户机。
do-system_reset = 机器复位：各设备依次复位，等待拔出的设备此时移除。
do-info = 监视器只查看，不作改动。
do-stop = 处理器停止运行。
do-cont = 处理器继续运行。
do-quit = 程序结束，归还它占有的一切。
do-host-send = 一个帧由某个网络客户端发往它的对端，如同来自主机（若该客户端是网卡，则如同来自客户机）。
do-host-peer-gone = 套接字另一端的程序离开。
do-host-with = 程序启动之前，为模拟的主机准备一样东西：设备、已占用的地址，或套接字另一端的程序。
do-host-without = 模拟的主机上缺少某样东西。
do-host-wait = 时间流逝，客户机与主机皆然。
do-host-peers = 套接字另一端都有谁。
do-host-peer-come = 套接字另一端的程序到来。
