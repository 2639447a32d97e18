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
