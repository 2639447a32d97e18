# 阶段（data/story.json）。

phase-start = 启动
phase-types = 类型注册
phase-options = 选项
phase-classes = 类初始化
phase-machine = 机器
phase-backends = 后端
phase-board = 主板
phase-create = 设备创建
phase-properties = 属性
phase-realize = 具现化
phase-plugged = 插入总线
phase-finish = 收尾
phase-reset = 复位
phase-ready = 就绪
phase-command = 命令
phase-unplug = 拔出
phase-finalize = 销毁

# 同上，空间不足时使用。
short-start = 启动
short-types = 类型
short-options = 选项
short-classes = 类
short-machine = 机器
short-backends = 后端
short-board = 主板
short-create = 创建
short-properties = 属性
short-realize = 具现
short-plugged = 插入
short-finish = 收尾
short-reset = 复位
short-ready = 就绪
short-command = 命令
short-unplug = 拔出
short-finalize = 销毁
