# 类型、覆盖链、配置空间与对象的视图。

view-skeleton = 对象（最新在前）
skeleton-label = { $count } 个对象
view-types = 类型
view-overrides = realize 覆盖链
view-config = 配置空间
view-objects = 对象


## Who realizes

ov-nothing = 还没有带 realize 槽的类：类在选择机器时才产生。
ov-label = { $type } 的各个类：DeviceClass.realize 现在是 { $name }；{ $done ->
    [0] 这次运行没有具现化这块网卡
   *[other] 这次运行经过槽调用 { $done } 次
  }
ov-chain-card = 网卡：{ $type }
ov-chain-inner = 网卡里面的设备：{ $type }
ov-chain-other = 对比：{ $type }
ov-order = 调用的先后顺序
ov-no-class = 类尚未产生
ov-copied-then = 复制 { $parent } 的 { $size } B，再执行
ov-copied-only = 复制 { $parent } 的 { $size } B
ov-copied = 复制
ov-was = 原为
ov-by = 由
ov-via = 经
ov-failed = 失败
ov-would = 将是第 { $number } 步
ov-ahead = 未到
ov-open = 执行中
ov-done = 已完成
ov-head-slot = 槽
ov-head-function = 槽里的函数
ov-head-old = 取代
ov-head-by = 由谁写入
ov-head-event = 事件

head-class = 类

## Configuration space

cfg-nothing = 这次运行里还没有 PCI 功能。
cfg-label = { $name } 的配置空间：链表中有 { $capabilities } 个 capability，已注册 { $bars } 个 BAR
cfg-bytes = 字节
cfg-header = 头部的各个寄存器
cfg-chain = capability 链表
cfg-bars = BAR 背后的内存区域
cfg-no-capabilities = 没有 capability
cfg-no-bars = 尚未注册
cfg-extended = 扩展部分，从 0x100 起
cfg-fold = 隐藏全零部分
cfg-unfold = 显示全部 { $size } 字节
cfg-buffer-config = 客户机读到的内容
cfg-buffer-wmask = 客户机可写的位
cfg-buffer-cmask = 迁移时要核对的位
cfg-buffer-w1cmask = 客户机写 1 清零的位
cfg-buffer-used = 被 capability 占用的字节
cfg-legend-header = 头部
cfg-legend-capability = capability
cfg-legend-writable = 客户机可写
cfg-region-ahead = 尚不存在
cfg-region-made = 已创建，尚未注册
cfg-region-unmapped = 已创建，尚未映射
cfg-unregistered = 未注册
cfg-choose = 选一个字节：这里会说明它的含义，并列出写过它的每个事件。
cfg-no-register = 不属于头部或任何 capability 的寄存器。
cfg-more-fields = 另有 { $count } 项
cfg-writes = 共写入 { $count } 次
cfg-go = 跳到事件 { $event }
cfg-head-offset = 偏移
cfg-head-register = 寄存器
cfg-head-value = 值
cfg-head-meaning = 含义
cfg-head-writable = 可写位
cfg-head-writer = 最后写入者
cfg-cap-PM = 电源管理
cfg-cap-MSI = 消息中断
cfg-cap-MSIX = 消息中断，表在 BAR 中
cfg-cap-EXP = PCI Express
cfg-cap-VNDR = 厂商自定义
cfg-cap-SSVID = 桥的子系统编号
cfg-cap-ERR = 高级错误报告
cfg-cap-ATS = 地址转换服务
cfg-cap-ACS = 访问控制服务
cfg-cap-ARI = 替代路由编号
cfg-cap-DSN = 设备序列号
cfg-cap-SHPC = 热插拔控制器
cfg-cap-SLOTID = 插槽与机箱
cfg-cap-SATA = SATA 寄存器
cfg-cap-AF = 高级特性

## Registers

reg-PCI-VENDOR-ID = 功能的厂商；来自 PCIDeviceClass.vendor_id。
reg-PCI-DEVICE-ID = 该厂商的哪一种功能；来自 PCIDeviceClass.device_id。
reg-PCI-COMMAND = 客户机允许该功能做什么：响应 I/O 和内存访问、做总线主控、发中断。
reg-PCI-STATUS = 该功能具备的能力，以及它遇到过的错误。
reg-PCI-REVISION-ID = 功能的修订号；仅支持 modern 的 virtio 设备为 1 或更大。
reg-PCI-CLASS-PROG = 类别之内的编程接口。
reg-PCI-CLASS-DEVICE = 功能的类别：高字节是基类，低字节是子类。
reg-PCI-CACHE-LINE-SIZE = 系统设置的缓存行大小，以 4 字节为单位。
reg-PCI-LATENCY-TIMER = 总线主控可以占用总线多久。
reg-PCI-HEADER-TYPE = 从 0x10 起头部的布局；最高位表示该插槽有多个功能。
reg-PCI-BIST = 内建自检。
reg-PCI-BASE-ADDRESS = 基地址：区域需要哪种空间、多大；由客户机写入它的位置。
reg-PCI-CARDBUS-CIS = CardBus 卡信息结构的指针。
reg-PCI-SUBSYSTEM-VENDOR-ID = 功能所在板卡的厂商。
reg-PCI-SUBSYSTEM-ID = 哪一种板卡；legacy 或 transitional 的 virtio 设备在此放 virtio 设备号。
reg-PCI-ROM-ADDRESS = 可选 ROM 的位置；最低位是开关。
reg-PCI-ROM-ADDRESS1 = 桥的可选 ROM 的位置。
reg-PCI-CAPABILITY-LIST = 链表中第一个 capability 的偏移。新的 capability 插到最前面，所以每加一个它就改变一次。
reg-PCI-INTERRUPT-LINE = 系统分配的中断线；只供软件使用。
reg-PCI-INTERRUPT-PIN = 功能使用哪个中断引脚：1 表示 INTA#。
reg-PCI-MIN-GNT = 功能需要的突发时长。
reg-PCI-MAX-LAT = 功能多久需要一次总线。
reg-PCI-CAP-LIST-ID = 这是哪一种 capability。
reg-PCI-CAP-LIST-NEXT = 下一个 capability 的偏移，0 表示末尾。
reg-PCI-PRIMARY-BUS = 桥上游一侧的总线号。
reg-PCI-SECONDARY-BUS = 桥后面第一条总线的编号。
reg-PCI-SUBORDINATE-BUS = 桥后面最大的总线号。
reg-PCI-BRIDGE-CONTROL = 桥如何转发。
reg-PCI-MEMORY-BASE = 桥后内存窗口的起点。
reg-PCI-MEMORY-LIMIT = 桥后内存窗口的终点。
reg-PCI-PREF-MEMORY-BASE = 桥后可预取内存窗口的起点。
reg-PCI-PREF-MEMORY-LIMIT = 桥后可预取内存窗口的终点。
reg-PCI-IO-BASE = 桥后 I/O 窗口的起点。
reg-PCI-IO-LIMIT = 桥后 I/O 窗口的终点。
reg-PCI-PM-PMC = 功能支持哪些电源状态。
reg-PCI-PM-CTRL = 功能当前处于哪个电源状态。
reg-PCI-MSI-FLAGS = 消息中断的方式：数量、64 位地址、屏蔽。
reg-PCI-MSIX-FLAGS = 打开或屏蔽 MSI-X；低位是向量数减一。
reg-PCI-MSIX-TABLE = 向量表在哪里：低三位是 BAR，其余是偏移。
reg-PCI-MSIX-PBA = 挂起位在哪里：低三位是 BAR，其余是偏移。
reg-PCI-EXP-FLAGS = 该 capability 的版本，以及端口或端点的类型。
reg-PCI-EXP-DEVCAP = 设备在链路上的能力：负载大小、功能级复位。
reg-PCI-EXP-DEVCTL = 客户机允许设备在链路上做什么。
reg-PCI-EXP-LNKCAP = 链路支持的速率和宽度。
reg-PCI-EXP-LNKSTA = 链路当前的速率和宽度。
reg-PCI-EXP-SLTCAP = 端口后插槽的配备：热插拔、指示灯。
reg-PCI-EXT-CAP-HEADER = 扩展 capability 的种类、版本和下一个的偏移。
reg-PCI-ERR-UNCOR-STATUS = 出现过的不可纠正错误。
reg-PCI-ERR-UNCOR-SEVER = 哪些不可纠正错误是致命的。
reg-PCI-ERR-COR-MASK = 不上报的可纠正错误。
reg-PCI-ATS-CAP = 地址转换的队列深度和对齐。
reg-virtio-pci-cap-cap-len = 该 capability 的长度，单位字节。
reg-virtio-pci-cap-cfg-type = 这个 capability 说明的是 virtio 的哪个结构。
reg-virtio-pci-cap-bar = 结构在哪个 BAR 里。
reg-virtio-pci-cap-id = 区分同一类型的多个 capability。
reg-virtio-pci-cap-padding = 补齐到双字。
reg-virtio-pci-cap-offset = 结构在 BAR 内的起点。
reg-virtio-pci-cap-length = 结构有多长。
reg-virtio-pci-notify-cap-notify-off-multiplier = 队列的通知地址等于 queue_notify_off 乘以此值：4，或在 page-per-vq=on 时为一页。
reg-virtio-pci-cfg-cap-pci-cfg-data = 一个窗口：客户机在此读写，就等于访问上面设定的 BAR、偏移和长度。

## Fields of registers

bit-PCI-COMMAND-IO = 响应 I/O 空间
bit-PCI-COMMAND-MEMORY = 响应内存空间
bit-PCI-COMMAND-MASTER = 可做总线主控
bit-PCI-COMMAND-SERR = 上报系统错误
bit-PCI-COMMAND-PARITY = 检查奇偶校验
bit-PCI-COMMAND-INTX-DISABLE = 禁用引脚中断
bit-PCI-STATUS-CAP-LIST = 有 capability 链表
bit-PCI-STATUS-INTERRUPT = 有未决中断
bit-PCI-STATUS-DEVSEL-MASK = 响应速度
bit-PCI-STATUS-66MHZ = 支持 66 MHz
bit-PCI-STATUS-FAST-BACK = 支持快速背靠背
bit-PCI-HEADER-TYPE-MASK = 头部布局
bit-PCI-HEADER-TYPE-MULTI-FUNCTION = 插槽内有多个功能
bit-PCI-BASE-ADDRESS-SPACE-IO = 需要 I/O 空间
bit-PCI-BASE-ADDRESS-MEM-TYPE-MASK = 地址宽度
bit-PCI-BASE-ADDRESS-MEM-PREFETCH = 可预取：读取没有副作用
bit-PCI-ROM-ADDRESS-ENABLE = ROM 已打开
bit-PCI-PM-CAP-VER-MASK = 版本
bit-PCI-PM-CTRL-STATE-MASK = 电源状态
bit-PCI-MSI-FLAGS-ENABLE = 已打开
bit-PCI-MSI-FLAGS-64BIT = 64 位地址
bit-PCI-MSI-FLAGS-MASKBIT = 每个向量可屏蔽
bit-PCI-MSIX-FLAGS-QSIZE = 向量数减一
bit-PCI-MSIX-FLAGS-MASKALL = 全部屏蔽
bit-PCI-MSIX-FLAGS-ENABLE = 已打开
bit-PCI-MSIX-TABLE-BIR = 表所在的 BAR
bit-PCI-MSIX-TABLE-OFFSET = 在该 BAR 内的偏移
bit-PCI-MSIX-PBA-BIR = 挂起位所在的 BAR
bit-PCI-MSIX-PBA-OFFSET = 在该 BAR 内的偏移
bit-PCI-EXP-FLAGS-VERS = 版本
bit-PCI-EXP-FLAGS-TYPE = 设备或端口的类型
bit-PCI-EXP-DEVCAP-FLR = 支持功能级复位
bit-PCI-EXP-DEVCAP-RBER = 按角色上报错误
bit-PCI-EXP-DEVCAP-PAYLOAD = 最大负载
bit-PCI-EXP-LNKCAP-SLS = 最高速率
bit-PCI-EXP-LNKCAP-MLW = 通道数
bit-PCI-EXP-LNKSTA-CLS = 速率
bit-PCI-EXP-LNKSTA-NLW = 通道数
bit-PCI-EXT-CAP-ID = 种类
bit-PCI-EXT-CAP-VER = 版本
bit-PCI-EXT-CAP-NEXT = 下一个的偏移

## Types

ty-nothing = 还没有注册任何类型。
ty-label = { $total } 个类型：已注册 { $registered } 个，已有类 { $initialized } 个
ty-buses = 总线
ty-stage-info = TypeInfo
ty-stage-impl = TypeImpl
ty-stage-class = 类（ObjectClass）
ty-stage-instance = 实例（Object）
ty-about-info = C 文件里的常量：程序员对一个类型的声明，从不改变。
ty-about-impl = QOM 自己的记录，由 type_register 据此生成：可按名字查到，并记住类。
ty-about-class = 所有实例共用一个，由 type_initialize 只做一次：先复制父类，再由 class_init 改写。
ty-about-instance = 每个设备一个，由 object_new 生成：instance_init 从根往下执行；它指向自己的类。
ty-root = 所有类型的根
ty-unregistered = 尚未注册
ty-no-class = 尚无类：type_initialize 还没执行
ty-fields = 写入 { $count } 项
ty-abstract = 抽象类型：无实例
ty-no-instance = 还没有
ty-instances = { $count } 个实例
ty-yes = 是
ty-head-type = 类型
ty-head-parent = 父类型
ty-head-class = 类结构体
ty-head-instance = 实例结构体
ty-head-sizes = 大小（类 / 实例）
ty-head-abstract = 抽象
ty-head-class-init = class_init
ty-head-instance-init = instance_init
ty-head-realize = 在此写入的 realize
ty-head-interfaces = 接口
ty-head-state = 状态

## Objects

ob-label = { $name }；net_clients 中有 { $clients } 个网络端点
ob-memory = { $type } 的内存布局：{ $size } 字节
ob-none = 这次运行还没有网卡
ob-members = 全部成员
ob-fewer = 只看对象
ob-rest = 其他成员
ob-net = 网络连接的两端（net_clients）
ob-no-clients = 还没有
ob-buses = 总线与设备
ob-qom = QOM 树：谁是谁的子对象
ob-fields = { $name } 的字段
ob-ahead = 尚不存在
ob-behind = { $buses } 条总线上有 { $devices } 个设备
ob-unrealized = 尚未具现化
ob-side-nic = 网卡
ob-side-hub = 集线器端口
ob-side-backend = 后端
ob-queue = 队列 { $queue }
ob-link-down = 链路断开
ob-freed = 已归还：
ob-send = 发帧
ob-send-hint = 向机器下达命令：{ $command }
ob-unlisted = 不在链表中
ob-head-what = 内容
ob-head-where = 位置
ob-head-more = 其他
